import SchemaBuilder from '@pothos/core';
import ErrorsPlugin from '@pothos/plugin-errors';
import RelayPlugin from '@pothos/plugin-relay';
import type { RequestContext } from '../http/context.js';
import { hasPrefix } from '../ids.js';

/** Knows no type of the schema: each is in a file of its own, beside its queries and mutations. */
export const builder = new SchemaBuilder<{
  Context: RequestContext;
  DefaultFieldNullability: false;
  Scalars: {
    ID: { Input: string; Output: string };
    /** Milliseconds since the epoch. */
    DateTime: { Input: never; Output: number };
  };
}>({
  plugins: [ErrorsPlugin, RelayPlugin],
  defaultFieldNullability: false,
  // Only errors listed at a field become data; all others stay errors, and are masked.
  errors: { defaultTypes: [], directResult: true },
  relay: {
    // Ids are opaque and already unique over all types, so they are not encoded again.
    encodeGlobalID: (_typename, id) => String(id),
    decodeGlobalID: (id) => ({ typename: hasPrefix(id, 'cust') ? 'Customer' : 'Corporation', id }),
    idFieldOptions: { description: 'Identifies the object among all objects of all types.' },
    nodeTypeOptions: { description: 'Something that can be fetched again by its id alone.' },
    nodeQueryOptions: {
      description:
        'Fetches one object of any type by its id. Null when there is none, or when your token does not reach it.',
      args: { id: { description: 'The id of a customer or a corporation.' } },
    },
    nodesQueryOptions: {
      description:
        'Fetches objects of any type by their ids, in the order of the ids. Null stands for each that there is none of, or that your token does not reach.',
      args: { ids: { description: 'Ids of customers and corporations.' } },
    },
  },
});

builder.queryType({
  description: 'What can be read. Every field needs a token: `Authorization: Bearer <token>`.',
});

builder.mutationType({
  description:
    'What can be changed. Every field needs a token that may write. What a caller can act on comes back as data, in the result union; ask for `... on Error { code message }` to catch every error, also ones that are added later.',
});
