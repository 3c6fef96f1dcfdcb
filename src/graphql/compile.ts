import type { DocumentNode, ExecutionResult, GraphQLSchema } from 'graphql';
import type { RequestContext } from '../http/context.js';

/** Runs a compiled operation. A result without `data` says that its variables were refused. */
export type CompiledQuery = (
  context: RequestContext,
  variables: Record<string, unknown> | null | undefined,
) => Promise<ExecutionResult> | ExecutionResult;

/** Resolves to null for an operation that cannot be compiled. */
export async function compile(
  schema: GraphQLSchema,
  document: DocumentNode,
  operationName: string | undefined,
): Promise<CompiledQuery | null> {
  // Loaded when the first operation is worth it: it takes longer than the rest of the GraphQL face.
  const { compileQuery, isCompiledQuery } = await import('graphql-jit');
  const compiled = compileQuery(schema, document, operationName, {
    disablingCapturingStackErrors: true,
  });
  if (!isCompiledQuery(compiled)) return null;
  return (context, variables) => compiled.query(undefined, context, variables);
}
