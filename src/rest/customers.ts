import { DomainError, NotFoundError } from '../errors.js';
import type { Reply } from '../http/exchange.js';
import type { BodyCall, Call } from './call.js';
import { asSent, toWireName } from './names.js';
import { toProblem } from './problem.js';
import { customerReply, jsonReply, replayHeaders } from './reply.js';
import { expectedVersions, idempotencyKey, type Parameters, queryArguments } from './request.js';
import { toWireCustomer } from './wire.js';

/** What the query of a list may say. */
export const listParameters: Parameters = {
  corporation_id: { as: ['corporationId'] },
  limit: { as: ['first'], of: 'number' },
  cursor: { as: ['after'] },
  name: { as: ['filter', 'name'] },
  search_term: { as: ['filter', 'search'] },
  email: { as: ['filter', 'email'] },
  external_id: { as: ['filter', 'externalId'] },
  source_platforms: { as: ['filter', 'sourcePlatforms'], of: 'list' },
  source_platform_ids: { as: ['filter', 'sourcePlatformIds'], of: 'list' },
};

/** What the query of an upsert must say. */
export const keyParameters: Parameters = {
  corporation_id: { as: ['corporationId'] },
  external_id: { as: ['externalId'] },
};

const createdMessage = 'Successfully created customer.';
const fetchedMessage = 'Successfully fetched customer.';
const updatedMessage = 'Successfully updated customer.';

export async function create({ body: input, context }: BodyCall): Promise<Reply> {
  const { customers, viewer, exchange } = context;
  const args = { input, idempotencyKey: idempotencyKey(exchange) };
  const { customer, replayed } = await customers.create(viewer, args);
  return customerReply(customer, createdMessage, 201, replayed);
}

export async function createMany({ body, context }: BodyCall): Promise<Reply> {
  const { customers, viewer, exchange } = context;
  const { customers: list, ...others } = body;
  const unknown = Object.entries(others).map(([name, value]) => [asSent(toWireName(name)), value]);
  const { results, replayed } = await customers.createMany(viewer, {
    ...Object.fromEntries(unknown),
    inputs: Array.isArray(list) ? list.map((input) => ({ input })) : list,
    idempotencyKey: idempotencyKey(exchange),
  });
  const answer = {
    data: {
      results: results.map((result) => {
        if (!(result instanceof DomainError)) {
          return { status: 201, customer: toWireCustomer(result.customer) };
        }
        const error = toProblem(result, exchange.requestId);
        return { status: error.status, error };
      }),
    },
    message: `Processed ${results.length} customers.`,
  };
  return jsonReply(answer, 200, replayHeaders(replayed));
}

export async function read({ id, context: { customers, viewer } }: Call): Promise<Reply> {
  const customer = await customers.byId(viewer, id);
  if (!customer) throw new NotFoundError('There is no such customer.');
  return customerReply(customer, fetchedMessage, 200);
}

export async function list({ context }: Call): Promise<Reply> {
  const { customers, viewer, exchange } = context;
  const args = queryArguments(exchange, listParameters);
  const { edges, pageInfo, totalCount } = await customers.list(viewer, args);
  return jsonReply({
    data: {
      customers: edges.map(({ node }) => toWireCustomer(node)),
      total_customers: await totalCount(),
      cursor: pageInfo.hasNextPage ? pageInfo.endCursor : null,
    },
    message: 'Successfully fetched customers.',
  });
}

export async function update({ id, body, context }: BodyCall): Promise<Reply> {
  const { customers, viewer, exchange } = context;
  const { customer, replayed } = await customers.update(viewer, {
    ...('id' in body && { [asSent('id')]: body.id }),
    input: { ...body, id },
    expectedVersions: expectedVersions(exchange),
    idempotencyKey: idempotencyKey(exchange),
  });
  return customerReply(customer, updatedMessage, 200, replayed);
}

export async function upsert({ body, context }: BodyCall): Promise<Reply> {
  const { customers, viewer, exchange } = context;
  const { corporationId, externalId, ...unknown } = queryArguments(exchange, keyParameters);
  const key = { corporationId, externalId };
  const { customer, created, replayed } = await customers.upsert(viewer, {
    ...unknown,
    ...contradictions(body, key),
    input: { ...body, ...key },
    expectedVersions: expectedVersions(exchange),
    idempotencyKey: idempotencyKey(exchange),
  });
  return created
    ? customerReply(customer, createdMessage, 201, replayed)
    : customerReply(customer, updatedMessage, 200, replayed);
}

export async function remove({ id, context }: Call): Promise<Reply> {
  const { customers, viewer, exchange } = context;
  const { replayed } = await customers.remove(viewer, {
    input: { id },
    expectedVersions: expectedVersions(exchange),
    idempotencyKey: idempotencyKey(exchange),
  });
  return { status: 204, headers: replayHeaders(replayed), body: null };
}

/** What the body says of the key otherwise than the query is a mistake; once more is none. */
function contradictions(body: Record<string, unknown>, key: Record<string, unknown>) {
  return Object.fromEntries(
    Object.keys(key)
      .filter((name) => key[name] !== undefined && name in body && body[name] !== key[name])
      .map((name) => [asSent(toWireName(name)), body[name]]),
  );
}
