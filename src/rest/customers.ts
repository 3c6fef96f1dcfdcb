import type { Context } from 'hono';
import type { Customer } from '../customers/customer.js';
import { DomainError, NotFoundError } from '../errors.js';
import type { HttpEnv, RequestContext } from '../http/context.js';
import type { Body } from './body.js';
import { toWireName, unknownParameter } from './names.js';
import { toProblem } from './problem.js';
import { replayHeaders, replyWith } from './reply.js';
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

export async function create(
  c: Context<HttpEnv>,
  { customers, viewer }: RequestContext,
  input: Body,
): Promise<Response> {
  const args = { input, idempotencyKey: idempotencyKey(c) };
  const { customer, replayed } = await customers.create(viewer, args);
  return replyWith(c, customer, 'Successfully created customer.', 201, {
    Location: locationOf(customer),
    ...replayHeaders(replayed),
  });
}

export async function createMany(
  c: Context<HttpEnv>,
  { customers, viewer, requestId }: RequestContext,
  body: Body,
): Promise<Response> {
  const { customers: list, ...others } = body;
  const unknown = Object.entries(others).map(([name, value]) => [unknownParameter(name), value]);
  const { results, replayed } = await customers.createMany(viewer, {
    ...Object.fromEntries(unknown),
    inputs: Array.isArray(list) ? list.map((input) => ({ input })) : list,
    idempotencyKey: idempotencyKey(c),
  });
  const answer = {
    data: {
      results: results.map((result) => {
        if (!(result instanceof DomainError)) {
          return { status: 201, customer: toWireCustomer(result.customer) };
        }
        const error = toProblem(result, requestId);
        return { status: error.status, error };
      }),
    },
    message: `Processed ${results.length} customers.`,
  };
  return c.json(answer, 200, replayHeaders(replayed));
}

export async function read(
  c: Context<HttpEnv>,
  { customers, viewer }: RequestContext,
): Promise<Response> {
  const customer = await customers.byId(viewer, customerId(c));
  if (!customer) throw new NotFoundError('There is no such customer.');
  return replyWith(c, customer, 'Successfully fetched customer.', 200);
}

export async function list(
  c: Context<HttpEnv>,
  { customers, viewer }: RequestContext,
): Promise<Response> {
  const args = queryArguments(c, listParameters);
  const { edges, pageInfo, totalCount } = await customers.list(viewer, args);
  return c.json({
    data: {
      customers: edges.map(({ node }) => toWireCustomer(node)),
      total_customers: await totalCount(),
      cursor: pageInfo.hasNextPage ? pageInfo.endCursor : null,
    },
    message: 'Successfully fetched customers.',
  });
}

export async function update(
  c: Context<HttpEnv>,
  { customers, viewer }: RequestContext,
  body: Body,
): Promise<Response> {
  const { customer, replayed } = await customers.update(viewer, {
    ...('id' in body && { [unknownParameter('id')]: body.id }),
    input: { ...body, id: customerId(c) },
    expectedVersions: expectedVersions(c),
    idempotencyKey: idempotencyKey(c),
  });
  const headers = replayHeaders(replayed);
  return replyWith(c, customer, 'Successfully updated customer.', 200, headers);
}

export async function upsert(
  c: Context<HttpEnv>,
  { customers, viewer }: RequestContext,
  body: Body,
): Promise<Response> {
  const { corporationId, externalId, ...unknown } = queryArguments(c, keyParameters);
  const key = { corporationId, externalId };
  const { customer, created, replayed } = await customers.upsert(viewer, {
    ...unknown,
    ...contradictions(body, key),
    input: { ...body, ...key },
    expectedVersions: expectedVersions(c),
    idempotencyKey: idempotencyKey(c),
  });
  const headers = replayHeaders(replayed);
  return created
    ? replyWith(c, customer, 'Successfully created customer.', 201, {
        Location: locationOf(customer),
        ...headers,
      })
    : replyWith(c, customer, 'Successfully updated customer.', 200, headers);
}

export async function remove(
  c: Context<HttpEnv>,
  { customers, viewer }: RequestContext,
): Promise<Response> {
  const { replayed } = await customers.remove(viewer, {
    input: { id: customerId(c) },
    expectedVersions: expectedVersions(c),
    idempotencyKey: idempotencyKey(c),
  });
  return c.body(null, 204, replayHeaders(replayed));
}

function locationOf({ id }: Customer): string {
  return `/customers/${encodeURIComponent(id)}`;
}

function customerId(c: Context<HttpEnv>): string {
  return c.req.param('id') ?? '';
}

/** What the body says of the key otherwise than the query is a mistake; once more is none. */
function contradictions(body: Record<string, unknown>, key: Record<string, unknown>) {
  return Object.fromEntries(
    Object.keys(key)
      .filter((name) => name in body && body[name] !== key[name])
      .map((name) => [unknownParameter(toWireName(name)), body[name]]),
  );
}
