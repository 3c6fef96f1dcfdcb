import {
  type ASTNode,
  BREAK,
  type DocumentNode,
  type ExecutionResult,
  GraphQLError,
  type GraphQLSchema,
  type OperationDefinitionNode,
  visit,
} from 'graphql';
import type { RequestContext } from '../http/context.js';

/** Runs a compiled operation. A result without `data` says that its variables are for the interpreter. */
export type CompiledQuery = (
  context: RequestContext,
  variables: Record<string, unknown> | null | undefined,
) => Promise<ExecutionResult>;

/** Resolves to null for an operation that cannot be compiled, or would not mean the same. */
export async function compile(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
): Promise<CompiledQuery | null> {
  if (!meansTheSame(document)) return null;
  // Loaded when the first operation is worth it: it takes longer than the rest of the GraphQL face.
  const { compileQuery, isCompiledQuery } = await import('graphql-jit');
  const compiled = compileQuery(schema, document, operation.name?.value, {
    disablingCapturingStackErrors: true,
  });
  if (!isCompiledQuery(compiled)) return null;
  return async (context, variables) => {
    if (hasEmptyList(variables)) return {};
    const result = await compiled.query(undefined, context, variables);
    return result.errors ? { ...result, errors: result.errors.map(asExecuteHasIt) } : result;
  };
}

/** Whether a value has an empty list in it, which graphql-jit takes for an object without fields. */
function hasEmptyList(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value)) return value.length === 0 || value.some(hasEmptyList);
  for (const name in value) {
    if (hasEmptyList((value as Record<string, unknown>)[name])) return true;
  }
  return false;
}

/**
 * Whether graphql-jit makes of a document what `execute` does. It does not with directives, of which
 * it mixes up several on one fragment; with defaults of variables, where null is given; with a
 * variable inside a written-out object or list, which it takes for null when it is left out and so
 * clears what an update should leave alone; and with the alias `__proto__`.
 */
function meansTheSame(document: DocumentNode): boolean {
  let same = true;
  const refuse = () => {
    same = false;
    return BREAK;
  };
  const refuseVariables = (literal: ASTNode) => {
    visit(literal, { Variable: refuse });
    return same ? undefined : BREAK;
  };
  visit(document, {
    Directive: refuse,
    VariableDefinition: ({ defaultValue }) => (defaultValue ? refuse() : undefined),
    Field: ({ alias }) => (alias?.value === '__proto__' ? refuse() : undefined),
    ObjectValue: refuseVariables,
    ListValue: refuseVariables,
  });
  return same;
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
