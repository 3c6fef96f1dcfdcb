import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { createDocument } from '../src/rest/openapi/document.js';
import type { operations } from './clients/rest/schema.js';
import type { Json, Reply, SendOptions } from './support/client.js';
import { checkExchange } from './support/contract/contract.js';
import { Service } from './support/service.js';

type Id = keyof operations;
type Request = { method: string; path: string; body?: Json };
type Operation = { id: Id; request: (customerId?: string) => Request; statuses: number[] };

const acme = () => ({ corporation_id: 'corp_123', name: 'Acme', external_id: crypto.randomUUID() });
const key = () => `corporation_id=corp_123&external_id=${crypto.randomUUID()}`;

/** A good request for each operation; those that are about one customer take its id. */
const requests: Record<Id, (customerId?: string) => Request> = {
  createCustomer: () => ({ method: 'POST', path: '/customers', body: acme() }),
  listCustomers: () => ({ method: 'GET', path: '/customers?corporation_id=corp_123' }),
  upsertCustomer: () => ({ method: 'PUT', path: `/customers?${key()}`, body: { name: 'Acme' } }),
  createCustomers: () => ({
    method: 'POST',
    path: '/customers/bulk',
    body: { customers: [acme(), { ...acme(), name: 'A' }] },
  }),
  getCustomer: (id) => ({ method: 'GET', path: `/customers/${id}` }),
  updateCustomer: (id) => ({ method: 'PATCH', path: `/customers/${id}`, body: { name: 'Globex' } }),
  updateCustomerByPost: (id) => ({
    method: 'POST',
    path: `/customers/${id}`,
    body: { name: 'X&Y' },
  }),
  deleteCustomer: (id) => ({ method: 'DELETE', path: `/customers/${id}` }),
  createCorporation: () => ({
    method: 'POST',
    path: '/corporations',
    body: { legal_name: 'Globex Corporation', jurisdiction: 'US' },
  }),
  listCorporations: () => ({ method: 'GET', path: '/corporations' }),
  getCorporation: () => ({ method: 'GET', path: '/corporations/corp_123' }),
  getHealth: () => ({ method: 'GET', path: '/healthz' }),
  getReadiness: () => ({ method: 'GET', path: '/readyz' }),
  getOpenApi: () => ({ method: 'GET', path: '/openapi.json' }),
};

const document: Json = createDocument({ pageLimit: 100, bulkLimit: 500 });
const all = Object.values<Json>(document.paths)
  .flatMap((item) => Object.values<Json>(item))
  .filter(({ operationId }) => operationId !== undefined)
  .map(
    ({ operationId, responses }): Operation => ({
      id: operationId,
      request: requests[operationId as Id],
      statuses: Object.keys(responses).map(Number),
    }),
  );

/** Each operation that documents the status. */
const documenting = (status: number) => all.filter(({ statuses }) => statuses.includes(status));

async function send(
  service: Service,
  { method, path, body }: Request,
  options: SendOptions = {},
): Promise<Reply> {
  const text = body && JSON.stringify(body);
  return service.send(path, text, { method, ...options });
}

async function newCustomer(service: Service): Promise<string> {
  return (await service.post('/customers', acme())).body.id;
}

/** Sends what is no request that a route will see; what comes back is checked all the same. */
async function sendRaw(service: Service, { method, path }: Request, rest: string): Promise<number> {
  const { hostname, port } = new URL(service.url);
  const socket = connect(Number(port), hostname).setEncoding('utf8');
  socket.write(`${method} ${path} HTTP/1.1\r\nHost: x\r\n${rest}`);
  let text = '';
  socket.on('data', (chunk) => {
    text += chunk;
  });
  await once(socket, 'close');
  const [head = '', body = ''] = text.split('\r\n\r\n');
  const [first = '', ...lines] = head.split('\r\n');
  const headers = new Headers(lines.map((line) => line.split(': ') as [string, string]));
  const status = Number(first.split(' ')[1]);
  const reply = { status, headers, body: JSON.parse(body) };
  checkExchange({ method, path, headers: {}, json: undefined }, reply);
  return status;
}

const environments = {
  usual: { REQUEST_TIMEOUT: '2s', BODY_LIMIT: '2048', HEADER_LIMIT: '2048' },
  busy: { CONCURRENCY_LIMIT: '1' },
  counting: { RATE_LIMIT: '1' },
  broken: {},
};
const services = {} as Record<keyof typeof environments, Service>;
let customerId: string;

beforeAll(async () => {
  for (const [name, environment] of Object.entries(environments)) {
    services[name as keyof typeof environments] = await Service.start(environment);
  }
  customerId = await newCustomer(services.usual);
});
afterAll(async () => {
  for (const service of Object.values(services)) await service.destroy();
});

/** Sends it again while there is no place for it. */
async function untilTaken(send: () => Promise<Reply>): Promise<Reply> {
  const reply = await send();
  return reply.status === 503 ? untilTaken(send) : reply;
}

/** Runs the work while another process holds the lock on the database. */
async function whileLocked<T>(service: Service, work: () => Promise<T>): Promise<T> {
  const release = await service.holdWrites();
  try {
    return await work();
  } finally {
    await release();
  }
}

async function withoutBodyOf(operation: Operation, rest: string): Promise<number> {
  return sendRaw(services.usual, operation.request(customerId), rest);
}

const late = new Map<Id, Promise<number>>();

/** How each status is come by. */
const provocations: Record<number, (operation: Operation) => Promise<number>> = {
  200: async ({ request }) => {
    const { usual } = services;
    const good = request(await newCustomer(usual));
    const first = await send(usual, good);
    // An upsert has something to change when it is made again.
    return first.status === 201 ? (await send(usual, good)).status : first.status;
  },
  201: async ({ request }) => (await send(services.usual, request())).status,
  204: async ({ request }) =>
    (await send(services.usual, request(await newCustomer(services.usual)))).status,
  304: async ({ request }) => {
    const good = request(customerId);
    const tag = (await send(services.usual, good)).headers.get('etag') ?? '';
    return (await send(services.usual, good, { headers: { 'If-None-Match': tag } })).status;
  },
  400: async (operation) => {
    const refused = await withoutBodyOf(operation, 'Content-Length: -1\r\n\r\n');
    const good = operation.request(customerId);
    if (good.body) {
      for (const body of ['[]', '{"nick_name":1}']) {
        const { status } = await services.usual.send(good.path, body, { method: good.method });
        expect(status).toBe(400);
      }
    }
    return refused;
  },
  401: async ({ request }) =>
    (await send(services.usual, request(customerId), { token: null })).status,
  403: async ({ request }) => {
    const token = await services.usual.issueToken({ right: 'read' });
    return (await send(services.usual, request(customerId), { token })).status;
  },
  404: async ({ id, request }) => {
    const { path, ...rest } = request('cust_none');
    const elsewhere = path.replace('corp_123', id === 'upsertCustomer' ? 'corp_123' : 'corp_none');
    const headers = { ...(id === 'upsertCustomer' && { 'If-Match': '*' }) };
    return (await send(services.usual, { ...rest, path: elsewhere }, { headers })).status;
  },
  408: async ({ id }) => {
    // All at once, since each is waited for.
    for (const each of documenting(408)) {
      if (!late.has(each.id)) late.set(each.id, withoutBodyOf(each, ''));
    }
    return (await late.get(id)) ?? 0;
  },
  409: async ({ request }) => {
    const { usual } = services;
    const good = request(await newCustomer(usual));
    const headers = { 'Idempotency-Key': crypto.randomUUID() };
    const [first, second] = await whileLocked(usual, async () => {
      const first = send(usual, good, { headers });
      const second = send(usual, good, { headers });
      return [first, await Promise.race([first, second])] as const;
    });
    expect(second.body.code).toBe('IDEMPOTENCY_IN_FLIGHT');
    await first;
    return second.status;
  },
  412: async ({ id, request }) => {
    const { usual } = services;
    const good = request(await newCustomer(usual));
    if (id === 'upsertCustomer') await send(usual, good);
    return (await send(usual, good, { headers: { 'If-Match': '"99"' } })).status;
  },
  413: async ({ request }) => {
    const { method, path } = request(customerId);
    return (await services.usual.send(path, ' '.repeat(3000), { method })).status;
  },
  415: async ({ request }) => {
    const headers = { 'Content-Type': 'text/plain' };
    return (await send(services.usual, request(customerId), { headers })).status;
  },
  422: async ({ request }) => {
    const { usual } = services;
    const headers = { 'Idempotency-Key': crypto.randomUUID() };
    const first = await send(usual, request(await newCustomer(usual)), { headers });
    expect(first.status).toBeLessThan(300);
    const { body, ...other } = request(await newCustomer(usual));
    const changed = body?.legal_name ? { ...body, legal_name: 'Another' } : body;
    return (await send(usual, { ...other, ...(changed && { body: changed }) }, { headers })).status;
  },
  429: async ({ request }) => {
    await services.counting.get('/corporations');
    return (await send(services.counting, request(customerId))).status;
  },
  431: (operation) => withoutBodyOf(operation, `X-Filler: ${'x'.repeat(4000)}\r\n\r\n`),
  500: async ({ request }) => {
    const { broken } = services;
    const tables = ['customers', 'corporations'];
    for (const name of tables)
      await broken.execute(`alter table ${name} rename to mislaid_${name}`);
    const { status } = await send(broken, request(customerId));
    for (const name of tables)
      await broken.execute(`alter table mislaid_${name} rename to ${name}`);
    return status;
  },
  503: async ({ id, request }) => {
    const { busy } = services;
    if (id === 'getReadiness') {
      await busy.execute('alter table __drizzle_migrations rename to mislaid');
      const { status } = await send(busy, request());
      await busy.execute('alter table mislaid rename to __drizzle_migrations');
      return status;
    }
    const [waiting, status] = await whileLocked(busy, async () => {
      const waiting = untilTaken(() => busy.post('/customers', acme()));
      // It is worked on as soon as there is no more place for another.
      const isFull = async () => (await busy.get('/corporations')).status === 503;
      await vi.waitUntil(isFull, { timeout: 10_000 });
      return [waiting, (await send(busy, request(customerId))).status] as const;
    });
    await waiting;
    return status;
  },
};

describe.each(Object.entries(provocations))('%i', (status, provoke) => {
  test.each(documenting(Number(status)))('is answered by $id as documented', async (operation) => {
    expect(await provoke(operation)).toBe(Number(status));
  });
});

test('every status that is documented is provoked here', () => {
  const documented = new Set(all.flatMap(({ statuses }) => statuses));
  expect(Object.keys(provocations).map(Number)).toEqual([...documented].sort());
});
