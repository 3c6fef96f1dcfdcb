import {
  type DocumentNode,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import { type ErrorCode, errorCodes } from '../errors.js';
import type { RequestContext } from '../http/context.js';

/**
 * What an operation is called in the log and the metrics: the field of the schema that it asks for,
 * or `multiple`. The name that the caller gave it may hold anything, and there is no end to them.
 */
export function nameOf(document: DocumentNode, operation: OperationDefinitionNode): string {
  const fields = new Set<string>();
  const seen = new Set<SelectionSetNode>();

  function collect(selectionSet: SelectionSetNode): void {
    if (seen.has(selectionSet)) return;
    seen.add(selectionSet);
    for (const selection of selectionSet.selections) {
      if (selection.kind === Kind.FIELD) fields.add(selection.name.value);
      else if (selection.kind === Kind.INLINE_FRAGMENT) collect(selection.selectionSet);
      else {
        const fragment = document.definitions.find(
          (definition) =>
            definition.kind === Kind.FRAGMENT_DEFINITION &&
            definition.name.value === selection.name.value,
        );
        if (fragment?.kind === Kind.FRAGMENT_DEFINITION) collect(fragment.selectionSet);
      }
    }
  }

  collect(operation.selectionSet);
  const [first = 'multiple'] = fields;
  return fields.size === 1 ? first : 'multiple';
}

/** Lets each mutation note the error that it answers with as data: its status does not tell. */
export function noteErrors(schema: GraphQLSchema): GraphQLSchema {
  for (const field of Object.values(schema.getMutationType()?.getFields() ?? {})) {
    const { resolve } = field;
    field.resolve = async (root, args, context: RequestContext, info) => {
      const result: unknown = await resolve?.(root, args, context, info);
      const code = codeOf(result);
      if (code) context.exchange.code = code;
      return result;
    };
  }
  return schema;
}

/** Not by its class: Pothos hands errors on in a proxy that is of none. */
function codeOf(result: unknown): ErrorCode | undefined {
  const code = (result as { code?: unknown } | null)?.code;
  return code === undefined ? undefined : errorCodes.find((each) => each === code);
}
