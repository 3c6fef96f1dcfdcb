import type { Context } from 'hono';
import { DomainError, NotFoundError } from '../errors.js';
import type { HttpEnv } from '../http/context.js';
import { readBody } from './body.js';
import { toWireName, unknownParameter } from './names.js';
import { toProblem } from './problem.js';
import { markReplay, replyWith } from './reply.js';
import { expectedVersions, idempotencyKey, queryArguments } from './request.js';
import { toWireCustomer } from './wire.js';

export async function create(c: Context<HttpEnv>): Promise<Response> {
  const { customers, viewer } = c.get('context');
  const input = await readBody(c);
  const args = { input, idempotencyKey: idempotencyKey(c) };
  const { customer, replayed } = await customers.create(viewer, args);
  markReplay(c, replayed);
  c.header('Location', `/customers/${encodeURIComponent(customer.id)}`);
  return replyWith(c, customer, 'Successfully created customer.', 201);
}

export async function createMany(c: Context<HttpEnv>): Promise<Response> {
  const { customers, viewer, requestId } = c.get('context');
  const { customers: list, ...others } = await readBody(c);
  const unknown = Object.entries(others).map(([name, value]) => [unknownParameter(name), value]);
  const { results, replayed } = await customers.createMany(viewer, {
    ...Object.fromEntries(unknown),
    inputs: Array.isArray(list) ? list.map((input) => ({ input })) : list,
    idempotencyKey: idempotencyKey(c),
  });
  markReplay(c, replayed);
  return c.json({
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
  });
}

export async function read(c: Context<HttpEnv>): Promise<Response> {
  const { customers, viewer } = c.get('context');
  const customer = await customers.byId(viewer, customerId(c));
  if (!customer) throw new NotFoundError('There is no such customer.');
  return replyWith(c, customer, 'Successfully fetched customer.', 200);
}

export async function list(c: Context<HttpEnv>): Promise<Response> {
  const { customers, viewer } = c.get('context');
  const args = queryArguments(c, {
    corporation_id: { as: ['corporationId'] },
    limit: { as: ['first'], of: 'number' },
    cursor: { as: ['after'] },
    name: { as: ['filter', 'name'] },
    search_term: { as: ['filter', 'search'] },
    email: { as: ['filter', 'email'] },
    external_id: { as: ['filter', 'externalId'] },
    source_platforms: { as: ['filter', 'sourcePlatforms'], of: 'list' },
    source_platform_ids: { as: ['filter', 'sourcePlatformIds'], of: 'list' },
  });
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

export async function update(c: Context<HttpEnv>): Promise<Response> {
  const { customers, viewer } = c.get('context');
  const body = await readBody(c);
  const { customer, replayed } = await customers.update(viewer, {
    ...('id' in body && { [unknownParameter('id')]: body.id }),
    input: { ...body, id: customerId(c) },
    expectedVersions: expectedVersions(c),
    idempotencyKey: idempotencyKey(c),
  });
  markReplay(c, replayed);
  return replyWith(c, customer, 'Successfully updated customer.', 200);
}

export async function upsert(c: Context<HttpEnv>): Promise<Response> {
  const { customers, viewer } = c.get('context');
  const { corporationId, externalId, ...unknown } = queryArguments(c, {
    corporation_id: { as: ['corporationId'] },
    external_id: { as: ['externalId'] },
  });
  const key = { corporationId, externalId };
  const body = await readBody(c);
  const { customer, created, replayed } = await customers.upsert(viewer, {
    ...unknown,
    ...contradictions(body, key),
    input: { ...body, ...key },
    expectedVersions: expectedVersions(c),
    idempotencyKey: idempotencyKey(c),
  });
  markReplay(c, replayed);
  return created
    ? replyWith(c, customer, 'Successfully created customer.', 201)
    : replyWith(c, customer, 'Successfully updated customer.', 200);
}

export async function remove(c: Context<HttpEnv>): Promise<Response> {
  const { customers, viewer } = c.get('context');
  const { replayed } = await customers.remove(viewer, {
    input: { id: customerId(c) },
    expectedVersions: expectedVersions(c),
    idempotencyKey: idempotencyKey(c),
  });
  markReplay(c, replayed);
  return c.body(null, 204);
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
