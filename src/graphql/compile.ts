import {
  type ASTNode,
  BREAK,
  type DocumentNode,
  type ExecutionResult,
  GraphQLError,
  type GraphQLSchema,
  visit,
} from 'graphql';
import type { RequestContext } from '../http/context.js';

/** Runs a compiled operation. A result without `data` says that its variables were refused. */
export type CompiledQuery = (
  context: RequestContext,
  variables: Record<string, unknown> | null | undefined,
) => Promise<ExecutionResult>;

/** Resolves to null for an operation that cannot be compiled, or would not mean the same. */
export async function compile(
  schema: GraphQLSchema,
  document: DocumentNode,
  operationName: string | undefined,
): Promise<CompiledQuery | null> {
  if (hasVariableInLiteral(document)) return null;
  // Loaded when the first operation is worth it: it takes longer than the rest of the GraphQL face.
  const { compileQuery, isCompiledQuery } = await import('graphql-jit');
  const compiled = compileQuery(schema, document, operationName, {
    disablingCapturingStackErrors: true,
  });
  if (!isCompiledQuery(compiled)) return null;
  return async (context, variables) => {
    const result = await compiled.query(undefined, context, variables);
    return result.errors ? { ...result, errors: result.errors.map(asExecuteHasIt) } : result;
  };
}

/**
 * Whether a variable stands inside an object or a list that is written out. When it is not given,
 * the field of the object counts as left out; graphql-jit makes null of it, which clears what an
 * update should leave alone.
 */
function hasVariableInLiteral(document: DocumentNode): boolean {
  let found = false;
  const inLiteral = {
    enter: (literal: ASTNode) => {
      visit(literal, {
        Variable: () => {
          found = true;
          return BREAK;
        },
      });
      return found ? BREAK : false;
    },
  };
  visit(document, { ObjectValue: inLiteral, ListValue: inLiteral });
  return found;
}

/**
 * What graphql-jit raises by itself comes without the error behind it, which tells faults of ours
 * from what is wrong with a request; and it knows the place of an error, but not the node there.
 */
function asExecuteHasIt({ message, path, locations, originalError }: GraphQLError): GraphQLError {
  const error = new GraphQLError(message, {
    ...(path && { path }),
    originalError: originalError ?? new Error(message),
  });
  return Object.assign(error, { locations });
}
