import { NotFoundError } from '../errors.js';
import type { Reply } from '../http/exchange.js';
import type { BodyCall, Call } from './call.js';
import { jsonReply, replayHeaders } from './reply.js';
import { idempotencyKey, type Parameters, queryArguments } from './request.js';
import { toWireCorporation } from './wire.js';

/** What the query of a list may say. */
export const listParameters: Parameters = {
  limit: { as: ['first'], of: 'number' },
  cursor: { as: ['after'] },
};

export async function create({ body: input, context }: BodyCall): Promise<Reply> {
  const { corporations, viewer, exchange } = context;
  const args = { input, idempotencyKey: idempotencyKey(exchange) };
  const { corporation, replayed } = await corporations.create(viewer, args);
  return jsonReply(
    { data: toWireCorporation(corporation), message: 'Successfully created corporation.' },
    201,
    {
      Location: `/corporations/${encodeURIComponent(corporation.id)}`,
      ...replayHeaders(replayed),
    },
  );
}

export async function read({ id, context: { corporations, viewer } }: Call): Promise<Reply> {
  const corporation = await corporations.byId(viewer, id);
  if (!corporation) throw new NotFoundError('There is no such corporation.');
  return jsonReply({
    data: toWireCorporation(corporation),
    message: 'Successfully fetched corporation.',
  });
}

export async function list({ context }: Call): Promise<Reply> {
  const { corporations, viewer, exchange } = context;
  const args = queryArguments(exchange, listParameters);
  const { edges, pageInfo, totalCount } = await corporations.list(viewer, args);
  return jsonReply({
    data: {
      corporations: edges.map(({ node }) => toWireCorporation(node)),
      total_corporations: await totalCount(),
      cursor: pageInfo.hasNextPage ? pageInfo.endCursor : null,
    },
    message: 'Successfully fetched corporations.',
  });
}
