import SchemaBuilder from '@pothos/core';
import ComplexityPlugin from '@pothos/plugin-complexity';
import ErrorsPlugin from '@pothos/plugin-errors';
import RelayPlugin from '@pothos/plugin-relay';
import { InvalidInputError } from '../errors.js';
import type { RequestContext } from '../http/context.js';
import { hasPrefix } from '../ids.js';

/** What one call may fetch by its ids. */
export const maxNodes = 100;

/** What a connection holds is counted where the connection is asked for, which tells how much. */
const ofConnection = { multiplier: 1 };

/** Knows no type of the schema: each is in a file of its own, beside its queries and mutations. */
export const builder = new SchemaBuilder<{
  Context: RequestContext;
  DefaultFieldNullability: false;
  DefaultEdgesNullability: { list: false; items: false };
  DefaultNodeNullability: false;
  Connection: { totalCount: () => Promise<number> };
  Scalars: {
    ID: { Input: string; Output: string };
    /** Milliseconds since the epoch. */
    DateTime: { Input: never; Output: number };
  };
}>({
  plugins: [ComplexityPlugin, ErrorsPlugin, RelayPlugin],
  defaultFieldNullability: false,
  // Only errors listed at a field become data; all others stay errors, and are masked.
  errors: { defaultTypes: [] },
  // The cost of an operation is worked out once for its document, and not by its resolvers.
  complexity: { disabled: true },
  relay: {
    edgesFieldOptions: {
      nullable: { list: false, items: false },
      description: 'The nodes of this page, each with its cursor.',
      complexity: ofConnection,
    },
    nodeFieldOptions: { nullable: false, description: 'The node itself.' },
    cursorFieldOptions: {
      description:
        'Marks the place of the node: ask for what comes `after` or `before` it. Opaque: do not take it apart.',
    },
    nodesOnConnection: {
      description: 'The nodes of this page, where their cursors are not needed.',
      complexity: ofConnection,
    },
    pageInfoFieldOptions: {
      description:
        'Whether there is more, and where to go on: for the next page give `endCursor` as `after`, until `hasNextPage` is false.',
    },
    pageInfoTypeOptions: { description: 'What comes before and after a page of a list.' },
    hasNextPageFieldOptions: { description: 'Whether there is more after this page.' },
    hasPreviousPageFieldOptions: { description: 'Whether there is more before this page.' },
    startCursorFieldOptions: {
      description: 'The cursor of the first node, for `before`. Null on an empty page.',
    },
    endCursorFieldOptions: {
      description: 'The cursor of the last node, for `after`. Null on an empty page.',
    },
    firstArgOptions: {
      description:
        'How many to fetch from the beginning, or after `after`: 1 to 100 unless the operator set another limit; 10 by default.',
    },
    lastArgOptions: {
      description:
        'How many to fetch from the end, or before `before`: 1 to 100 unless the operator set another limit. They come in the order of the list. Not together with `first`.',
    },
    afterArgOptions: {
      description:
        'A cursor, such as `endCursor` of the page before; only what comes after it is fetched.',
    },
    beforeArgOptions: {
      description:
        'A cursor, such as `startCursor` of the page after; only what comes before it is fetched.',
    },
    // Ids are opaque and already unique over all types, so they are not encoded again.
    encodeGlobalID: (_typename, id) => String(id),
    decodeGlobalID: (id) => ({ typename: hasPrefix(id, 'cust') ? 'Customer' : 'Corporation', id }),
    idFieldOptions: {
      description:
        'Identifies the object among all objects of all types. Opaque: do not take it apart.',
    },
    nodeTypeOptions: { description: 'Something that can be fetched again by its id alone.' },
    nodeQueryOptions: {
      description:
        'Fetches one object of any type by its id. Null when there is none, or when your token does not reach it.',
      args: { id: { description: 'The id of a customer or a corporation: `corp_123`.' } },
    },
    nodesQueryOptions: {
      description:
        'Fetches objects of any type by their ids, in the order of the ids. Null stands for each that does not exist, or that your token does not reach.',
      args: { ids: { description: 'Ids of customers and corporations, at most 100.' } },
      complexity: ({ ids }) => ({ multiplier: ids.length }),
      resolve: (_root, { ids }, _context, _info, resolveNodes) => {
        if (ids.length > maxNodes) {
          const message = `must have at most ${maxNodes} items`;
          throw new InvalidInputError([{ path: ['ids'], code: 'TOO_MANY', message }]);
        }
        return resolveNodes(ids);
      },
    },
  },
});

builder.queryType({
  description:
    'What can be read. Every field needs a token: `Authorization: Bearer <token>`. What is wrong with arguments is a top-level error of the code `INVALID_INPUT`, with one entry in `extensions.issues` for each: its `path`, `code` and `message`.',
});

builder.mutationType({
  description:
    'What can be changed. Every field needs a token that may write. What a caller can act on comes back as data, in the result union; ask for `... on Error { code message }` to catch every error, also ones that are added later.',
});
