import {
  GraphQLError,
  type GraphQLSchema,
  getVariableValues,
  type OperationDefinitionNode,
} from 'graphql';

/** How large variables may be, in characters of JSON, for all that is wrong with them to be told. */
const fullyTold = 20_000;

/** What is told of an error in larger ones, in characters: what it is about, and what is wrong. */
const [shownStart, shownEnd] = [500, 500];

/**
 * The first thing that is wrong with large variables; null when they are small or nothing is. Each
 * error repeats the whole value that it is about, so that all of them together would take seconds to
 * write, and be as much as fifty times what was sent.
 */
export function firstIssueOfLarge(
  schema: GraphQLSchema,
  { variableDefinitions = [] }: OperationDefinitionNode,
  variables: Record<string, unknown>,
): GraphQLError | null {
  const { errors } = getVariableValues(schema, variableDefinitions, variables, { maxErrors: 1 });
  const [first] = errors ?? [];
  if (!first || JSON.stringify(variables).length <= fullyTold) return null;
  const { message, nodes } = first;
  const shown =
    message.length <= shownStart + shownEnd
      ? message
      : `${message.slice(0, shownStart)} … ${message.slice(-shownEnd)}`;
  return new GraphQLError(shown, { nodes });
}
