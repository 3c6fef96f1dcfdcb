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
          description: `How many ${plural} there are on all pages together. Counted only when it is asked for.`,
          resolve: (connection) => connection.totalCount(),
        }),
      }),
    },
    { name: `${type.name}Edge`, description: `One of the ${plural} of a page.` },
  );
}

type ListArguments = {
  first?: number | null | undefined;
  last?: number | null | undefined;
  filter?: object | null | undefined;
};

/**
 * What a list costs: its query, and what is asked for of each node. One with a filter may have to
 * look at every customer of the corporation.
 */
export function costOfPage({ first, last, filter }: ListArguments) {
  return { field: filter ? 2000 : 10, multiplier: first ?? last ?? defaultSize };
}
