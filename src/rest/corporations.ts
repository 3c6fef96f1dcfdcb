import type { Context } from 'hono';
import { NotFoundError } from '../errors.js';
import type { HttpEnv } from '../http/context.js';
import { readBody } from './body.js';
import { markReplay } from './reply.js';
import { idempotencyKey, queryArguments } from './request.js';
import { toWireCorporation } from './wire.js';

export async function create(c: Context<HttpEnv>): Promise<Response> {
  const { corporations, viewer } = c.get('context');
  const input = await readBody(c);
  const args = { input, idempotencyKey: idempotencyKey(c) };
  const { corporation, replayed } = await corporations.create(viewer, args);
  markReplay(c, replayed);
  c.header('Location', `/corporations/${encodeURIComponent(corporation.id)}`);
  return c.json(
    { data: toWireCorporation(corporation), message: 'Successfully created corporation.' },
    201,
  );
}

export async function read(c: Context<HttpEnv>): Promise<Response> {
  const { corporations, viewer } = c.get('context');
  const corporation = await corporations.byId(viewer, c.req.param('id') ?? '');
  if (!corporation) throw new NotFoundError('There is no such corporation.');
  return c.json({
    data: toWireCorporation(corporation),
    message: 'Successfully fetched corporation.',
  });
}

export async function list(c: Context<HttpEnv>): Promise<Response> {
  const { corporations, viewer } = c.get('context');
  const args = queryArguments(c, {
    limit: { as: ['first'], of: 'number' },
    cursor: { as: ['after'] },
  });
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
