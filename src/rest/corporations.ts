import type { Context } from 'hono';
import { NotFoundError } from '../errors.js';
import type { HttpEnv, RequestContext } from '../http/context.js';
import type { Body } from './body.js';
import { replayHeaders } from './reply.js';
import { idempotencyKey, type Parameters, queryArguments } from './request.js';
import { toWireCorporation } from './wire.js';

/** What the query of a list may say. */
export const listParameters: Parameters = {
  limit: { as: ['first'], of: 'number' },
  cursor: { as: ['after'] },
};

export async function create(
  c: Context<HttpEnv>,
  { corporations, viewer }: RequestContext,
  input: Body,
): Promise<Response> {
  const args = { input, idempotencyKey: idempotencyKey(c) };
  const { corporation, replayed } = await corporations.create(viewer, args);
  return c.json(
    { data: toWireCorporation(corporation), message: 'Successfully created corporation.' },
    201,
    {
      Location: `/corporations/${encodeURIComponent(corporation.id)}`,
      ...replayHeaders(replayed),
    },
  );
}

export async function read(
  c: Context<HttpEnv>,
  { corporations, viewer }: RequestContext,
): Promise<Response> {
  const corporation = await corporations.byId(viewer, c.req.param('id') ?? '');
  if (!corporation) throw new NotFoundError('There is no such corporation.');
  return c.json({
    data: toWireCorporation(corporation),
    message: 'Successfully fetched corporation.',
  });
}

export async function list(
  c: Context<HttpEnv>,
  { corporations, viewer }: RequestContext,
): Promise<Response> {
  const args = queryArguments(c, listParameters);
  const { edges, pageInfo, totalCount } = await corporations.list(viewer, args);
  return c.json({
    data: {
      corporations: edges.map(({ node }) => toWireCorporation(node)),
      total_corporations: await totalCount(),
      cursor: pageInfo.hasNextPage ? pageInfo.endCursor : null,
    },
    message: 'Successfully fetched corporations.',
  });
}
