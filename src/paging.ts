import { z } from 'zod';
import type { Scan } from './storage/storage.js';
import { issue, ofWhole } from './validation/issue.js';
import { optional } from './validation/text.js';

export const defaultSize = 10;
/** What a page may hold where no other limit is set. */
export const defaultPageLimit = 100;

/** A page of a list, as Relay's cursor connections have it: https://relay.dev/graphql/connections.htm */
export type Connection<Node> = {
  edges: { cursor: string; node: Node }[];
  pageInfo: {
    hasNextPage: boolean;
    hasPreviousPage: boolean;
    startCursor: string | null;
    endCursor: string | null;
  };
  /** Counted only when it is asked for, since that takes longer than the page does. */
  totalCount: () => Promise<number>;
};

export type PageRequest<Position> = {
  first: number | null;
  last: number | null;
  after: Position | null;
  before: Position | null;
};

/** How the place of a node in its list is written into a cursor, which is opaque to callers. */
export type CursorCodec<Position> = {
  encode(position: Position): string;
  /** The fields of a list's arguments that ask for a page of at most `limit` nodes. */
  pageFields(limit: number): PageFields<Position>;
};

type PageFields<Position> = {
  [Field in keyof PageRequest<Position>]: z.ZodType<PageRequest<Position>[Field]>;
};

export function cursorCodec<Position>(schema: z.ZodType<Position>): CursorCodec<Position> {
  const encode = (position: Position) =>
    Buffer.from(JSON.stringify(position)).toString('base64url');

  const cursor = z
    .string()
    .transform((text, context): Position => {
      const position = schema.safeParse(parse(text)).data;
      if (position === undefined || encode(position) !== text) {
        context.issues.push(
          issue(text, 'INVALID_CURSOR', 'must be a cursor that an earlier page gave out'),
        );
        return z.NEVER;
      }
      return position;
    })
    .meta({ description: 'What an earlier page gave out for the next one. Opaque.' });

  return {
    encode,
    pageFields: (limit) => ({
      first: optional(size(limit)).meta({
        default: defaultSize,
        description: 'How many to list at most.',
      }),
      last: optional(size(limit)),
      after: optional(cursor),
      before: optional(cursor),
    }),
  };
}

function size(limit: number) {
  return z
    .number()
    .check((context) => {
      const value = context.value;
      if (!Number.isInteger(value) || value < 1 || value > limit) {
        context.issues.push(
          issue(value, 'OUT_OF_RANGE', `must be a whole number from 1 to ${limit}`),
        );
      }
    })
    .meta({ type: 'integer', minimum: 1, maximum: limit });
}

function parse(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    return undefined;
  }
}

/** For the arguments of a list: a page has either a beginning or an end. */
export const notFirstAndLast = [
  ({ first, last }: PageRequest<unknown>) => first === null || last === null,
  ofWhole('MUTUALLY_EXCLUSIVE', 'must not be given together with first', ['last']),
] as const;

export type List<Node, Position> = {
  order: Scan<Position>['order'];
  positionOf(node: Node): Position;
  scan(scan: Scan<Position>): Promise<Node[]>;
  count(): Promise<number>;
};

/**
 * One page of a list, found by the positions of nodes and never by counting them, so that nodes
 * that come or go between two pages never make another be skipped or repeated.
 */
export async function paginate<Node, Position>(
  { first, last, after, before }: PageRequest<Position>,
  { encode }: CursorCodec<Position>,
  list: List<Node, Position>,
): Promise<Connection<Node>> {
  const backward = last !== null;
  const order = backward ? opposite(list.order) : list.order;
  const [from, to] = backward ? [before, after] : [after, before];
  const limit = first ?? last ?? defaultSize;

  // One more than is shown tells whether there are any further on.
  const found = await list.scan({ order, from, to, limit: limit + 1 });
  const nodes = found.slice(0, limit);
  const [nearest, farthest] = [nodes[0], nodes.at(-1)];
  const anyBeyond = async (order: Scan<Position>['order'], node: Node | undefined) => {
    const beyond = { order, from: node ? list.positionOf(node) : from, to: null, limit: 1 };
    return (await list.scan(beyond)).length > 0;
  };
  const furtherOn = found.length > limit || (to !== null && (await anyBeyond(order, farthest)));
  const furtherBack = from !== null && (await anyBeyond(opposite(order), nearest));
  if (backward) nodes.reverse();

  const edges = nodes.map((node) => ({ cursor: encode(list.positionOf(node)), node }));
  return {
    edges,
    pageInfo: {
      hasNextPage: backward ? furtherBack : furtherOn,
      hasPreviousPage: backward ? furtherOn : furtherBack,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
    totalCount: list.count,
  };
}

/** Every node of a list, page by page, so that no more than a page is held at once. */
export async function* everyNode<Node>(
  list: (page: { first: number; after: string | null }) => Promise<Connection<Node>>,
): AsyncGenerator<Node> {
  let after: string | null = null;
  do {
    const { edges, pageInfo }: Connection<Node> = await list({ first: defaultPageLimit, after });
    for (const { node } of edges) yield node;
    after = pageInfo.hasNextPage ? pageInfo.endCursor : null;
  } while (after !== null);
}

function opposite(order: 'ascending' | 'descending') {
  return order === 'ascending' ? 'descending' : 'ascending';
}
