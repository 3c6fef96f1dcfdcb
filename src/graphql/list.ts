import type { ObjectRef } from '@pothos/core';
import { defaultSize } from '../paging.js';
import { builder } from './builder.js';

type Types = (typeof builder)['$inferSchemaTypes'];

/** The connection type of a list, and the type of its edges. */
export function listOf<Node>(type: ObjectRef<Types, Node>, plural: string) {
  return builder.connectionObject(
    {
      type,
      name: `${type.name}Connection`,
      description: `A page of ${plural}.`,
      fields: (t) => ({
        totalCount: t.int({
          description: `How many ${plural} there are on all pages together.`,
          resolve: (connection) => connection.totalCount(),
        }),
      }),
    },
    { name: `${type.name}Edge`, description: `One of the ${plural} of a page.` },
  );
}

type PageSize = { first?: number | null | undefined; last?: number | null | undefined };

/** What a list costs: its query, and what is asked for of each node. */
export function costOfPage({ first, last }: PageSize) {
  return { field: 10, multiplier: first ?? last ?? defaultSize };
}
