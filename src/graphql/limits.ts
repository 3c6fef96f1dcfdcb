import { maxAliasesRule } from '@escape.tech/graphql-armor-max-aliases';
import { maxDirectivesRule } from '@escape.tech/graphql-armor-max-directives';
import { createComplexityRule } from '@pothos/plugin-complexity';
import {
  BREAK,
  type DocumentNode,
  GraphQLBoolean,
  GraphQLError,
  type GraphQLInputType,
  GraphQLInt,
  type GraphQLSchema,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isInputType,
  isListType,
  isNonNullType,
  isRequiredInputField,
  Kind,
  type OperationDefinitionNode,
  typeFromAST,
  type ValidationRule,
  validate,
  visit,
} from 'graphql';
import type { GraphqlLimits } from '../config.js';
import { maxNodes } from './builder.js';

/** How long a page may be, and how long the list of a bulk call. */
type Sizes = { pageLimit: number; bulkLimit: number };

/** Longer than any name that means something to people, in characters. */
const maxNameLength = 128;

/**
 * The first name in the document that is too long; null for none. Aliases come back in the answer,
 * and other names in errors, over and over.
 */
export function tooLongName(document: DocumentNode): GraphQLError | null {
  let found: GraphQLError | null = null;
  visit(document, {
    Name(node) {
      if (node.value.length <= maxNameLength) return undefined;
      const shown = `${node.value.slice(0, 20)}…`;
      found = new GraphQLError(`The name ${shown} has more than ${maxNameLength} characters.`);
      return BREAK;
    },
  });
  return found;
}

/**
 * Finds what in a valid document goes beyond the limits. A document is looked at once, and not each
 * time that it runs: a variable counts as the largest value that it may have.
 */
export function createDocumentLimits(schema: GraphQLSchema, limits: GraphqlLimits, sizes: Sizes) {
  const ofWholeDocument = [
    maxAliasesRule({
      n: limits.aliases,
      allowList: [],
      propagateOnRejection: false,
      onReject: [report],
    }),
    maxDirectivesRule({ n: limits.directives, propagateOnRejection: false, onReject: [report] }),
  ] as ValidationRule[];

  function ofOperation(operation: OperationDefinitionNode): ValidationRule {
    return createComplexityRule({
      context: {},
      operationName: operation.name?.value ?? null,
      variableValues: largestVariables(schema, operation, sizes),
      validate({ depth, complexity }, reportError) {
        if (depth > limits.depth) {
          const message = `The operation has fields ${depth} deep; at most ${limits.depth} are allowed.`;
          reportError(new GraphQLError(message, { nodes: operation }));
        }
        if (complexity > limits.cost) {
          const message =
            `The operation may be answered with too many values; at most ${limits.cost} are ` +
            'allowed. Ask for smaller pages, or for less at once.';
          reportError(new GraphQLError(message, { nodes: operation }));
        }
      },
    });
  }

  return (document: DocumentNode): readonly GraphQLError[] => {
    const operations = document.definitions.filter(
      (definition) => definition.kind === Kind.OPERATION_DEFINITION,
    );
    return validate(schema, document, [...ofWholeDocument, ...operations.map(ofOperation)]);
  };
}

function report(
  context: { reportError(error: GraphQLError): void } | null,
  { message }: GraphQLError,
): void {
  context?.reportError(new GraphQLError(message.replace('Syntax Error: ', '')));
}

function largestVariables(
  schema: GraphQLSchema,
  { variableDefinitions = [] }: OperationDefinitionNode,
  sizes: Sizes,
): Record<string, unknown> {
  return Object.fromEntries(
    variableDefinitions.map(({ variable, type: node }) => {
      const type = typeFromAST(schema, node as never);
      return [variable.name.value, isInputType(type) ? largest(type, sizes) : null];
    }),
  );
}

/** A value of the type that asks for as much as any does that makes sense. */
function largest(type: GraphQLInputType, sizes: Sizes): unknown {
  if (isNonNullType(type)) return largest(type.ofType, sizes);
  if (isListType(type)) {
    const length = isInputObjectType(getNamedType(type)) ? sizes.bulkLimit : maxNodes;
    return Array(length).fill(largest(type.ofType, sizes));
  }
  if (isEnumType(type)) return type.getValues()[0]?.name;
  if (isInputObjectType(type)) {
    const required = Object.values(type.getFields()).filter(isRequiredInputField);
    return Object.fromEntries(required.map((field) => [field.name, largest(field.type, sizes)]));
  }
  if (type === GraphQLBoolean) return true;
  return type === GraphQLInt ? sizes.pageLimit : 'x';
}
