import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { storageKind } from './support/database.js';
import { createCustomer } from './support/faces.js';
import { Service, useService } from './support/service.js';

describe('X-Request-Id', () => {
  const service = useService();

  test('is taken from the request, and is in the reply, the problem and the log', async () => {
    const headers = { 'X-Request-Id': 'order-7_abc=' };
    const reply = await service.current.post('/customers', {}, { headers });

    expect(reply.headers.get('x-request-id')).toBe('order-7_abc=');
    expect(reply.body.request_id).toBe('order-7_abc=');
    expect(service.current.logs).toContainEqual(
      expect.objectContaining({ msg: 'request', requestId: 'order-7_abc=', status: 400 }),
    );
  });

  test.each([
    ['there is none', undefined],
    ['it is too long', 'x'.repeat(256)],
    ['it could break a log line', 'a b"c'],
  ])('is made when %s', async (_, given) => {
    const headers: Record<string, string> = given === undefined ? {} : { 'X-Request-Id': given };
    const reply = await service.current.get('/healthz', { headers });
    expect(reply.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });
});

describe('the log', () => {
  const service = useService();

  test('has a line for each request, with the operation and nothing of the customer', async () => {
    const input = { corporationId: 'corp_123', name: 'Secret Name', email: 'secret@example.com' };
    const created = await service.current.graphql(createCustomer, { input });
    await service.current.get(`/customers/${created.body.data.createCustomer.customer.id}`);
    await service.current.get('/customers/secret@example.com');

    expect(service.current.logs).toContainEqual({
      level: 30,
      time: expect.any(Number),
      pid: expect.any(Number),
      hostname: expect.any(String),
      msg: 'request',
      requestId: expect.any(String),
      method: 'POST',
      route: '/graphql',
      status: 200,
      operation: 'createCustomer',
      durationMs: expect.any(Number),
    });
    expect(service.current.logs).toContainEqual(
      expect.objectContaining({ method: 'GET', route: '/customers/:id', status: 200 }),
    );
    const text = JSON.stringify(service.current.logs);
    expect(text).not.toMatch(/secret/i);
    expect(text).not.toContain(service.current.firstToken);
  });
});

describe('a fault of our own', () => {
  let service: Service;

  /** Breaks the database from outside, so that every statement on customers fails. */
  beforeEach(async () => {
    service = await Service.start();
    await service.execute('alter table customers rename to mislaid_customers');
  });

  afterEach(() => service.destroy());

  const shown = /customers|relation|postgres|sqlite|sql|\.ts|\.js|node_modules|at /i;

  test('is a 500 over REST that shows nothing of the inside, and is logged', async () => {
    const body = { corporation_id: 'corp_123', name: 'Acme' };
    for (const reply of [
      await service.post('/customers', body),
      await service.get('/customers/cust_1'),
    ]) {
      expect(reply).toMatchObject({ status: 500, body: { code: 'INTERNAL' } });
      expect(JSON.stringify(reply.body)).not.toMatch(shown);
      expect(service.logs).toContainEqual(
        expect.objectContaining({
          msg: 'request failed',
          requestId: reply.body.request_id,
          err: expect.objectContaining({
            message: expect.stringMatching(/no such table|relation "customers" does not exist/),
          }),
        }),
      );
    }
  });

  test('is an INTERNAL error over GraphQL that shows nothing of the inside', async () => {
    const input = { corporationId: 'corp_123', name: 'Acme' };
    const { body } = await service.graphql(createCustomer, { input });

    expect(body.data).toBeNull();
    expect(body.errors).toMatchObject([
      { path: ['createCustomer'], extensions: { code: 'INTERNAL' } },
    ]);
    expect(body.errors[0].message).not.toMatch(shown);
    expect(service.logs).toContainEqual(
      expect.objectContaining({
        msg: 'request failed',
        requestId: body.errors[0].extensions.requestId,
      }),
    );
  });
});

describe('health', () => {
  test('/healthz and /readyz answer 200 while all is well, without a token', async () => {
    const service = await Service.start();
    for (const path of ['/healthz', '/readyz']) {
      expect((await service.get(path, { token: null })).status).toBe(200);
    }
    await service.destroy();
  });

  test('/readyz answers 503 while the database does not answer, and 200 again after that', async () => {
    const service = await Service.start();
    await service.execute('alter table __drizzle_migrations rename to mislaid');
    const broken = await service.get('/readyz', { token: null });
    await service.execute('alter table mislaid rename to __drizzle_migrations');

    expect(broken).toMatchObject({ status: 503, body: { status: 'unavailable' } });
    expect(JSON.stringify(broken.body)).not.toContain('mislaid');
    expect((await service.get('/readyz', { token: null })).status).toBe(200);
    await service.destroy();
  });
});

describe('a stop', () => {
  test('answers a request that was begun, then ends its connection', async () => {
    const service = await Service.start();
    const { hostname, port } = new URL(service.url);
    const body = JSON.stringify({ corporation_id: 'corp_123', name: 'Acme' });
    const socket = connect(Number(port), hostname).setEncoding('utf8');
    socket.write(
      [
        'POST /customers HTTP/1.1',
        'Host: localhost',
        `Authorization: Bearer ${service.firstToken}`,
        'Content-Type: application/json',
        `Content-Length: ${body.length}`,
        'Expect: 100-continue',
        '\r\n',
      ].join('\r\n'),
    );
    // The server asks for the body, so it has begun with the request.
    expect(await once(socket, 'data')).toEqual(['HTTP/1.1 100 Continue\r\n\r\n']);

    const stopped = service.stop();
    socket.write(body);
    let reply = '';
    for await (const chunk of socket) reply += chunk;
    await stopped;

    expect(reply).toMatch(/^HTTP\/1.1 201 /);
    expect(await service.rows('select name from customers')).toEqual([{ name: 'Acme' }]);
    await expect(fetch(`${service.url}/healthz`)).rejects.toThrow();
    await service.forget();
  });

  test('does not wait for connections that ask nothing', async () => {
    const service = await Service.start();
    const { hostname, port } = new URL(service.url);
    const fresh = connect(Number(port), hostname);
    const kept = connect(Number(port), hostname);
    kept.write('GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await Promise.all([once(fresh, 'connect'), once(kept, 'data')]);

    const ended = Promise.all([once(fresh, 'close'), once(kept, 'close')]);
    const startedAt = performance.now();
    await service.stop();
    await ended;

    // Far below both the 5 s for which Node keeps a connection and the deadline of the stop.
    expect(performance.now() - startedAt).toBeLessThan(2000);
    await service.forget();
  });
});

describe('CORS', () => {
  test('lets no other origin read anything unless told', async () => {
    const service = await Service.start();
    const headers = { Origin: 'https://app.example.com' };
    const reply = await service.get('/customers/cust_1', { headers });
    expect(reply.headers.get('access-control-allow-origin')).toBeNull();
    await service.destroy();
  });

  test('lets the origins of CORS_ORIGINS in, and no other', async () => {
    const service = await Service.start({
      CORS_ORIGINS: 'https://app.example.com, http://localhost:3000',
    });
    const allowed = async (origin: string) => {
      const preflight = await service.get('/customers', {
        method: 'OPTIONS',
        token: null,
        headers: {
          Origin: origin,
          'Access-Control-Request-Method': 'POST',
          'Access-Control-Request-Headers': 'authorization,content-type',
        },
      });
      const reply = await service.get('/corporations/corp_123', { headers: { Origin: origin } });
      return [preflight, reply].map(({ headers }) => headers.get('access-control-allow-origin'));
    };
    for (const origin of ['https://app.example.com', 'http://localhost:3000']) {
      expect(await allowed(origin)).toEqual([origin, origin]);
    }
    expect(await allowed('https://evil.example')).toEqual([null, null]);
    await service.destroy();
  });
});

test('what was created is there after a restart', async () => {
  const service = await Service.start();
  const body = { corporation_id: 'corp_123', name: 'Acme', external_id: 'ext_1' };
  const created = await service.post('/customers', body);
  await service.stop();
  await service.open();

  expect(service.firstUse).toBeNull();
  const read = await service.get(`/customers/${created.body.id}`);
  expect(read.body.data).toEqual(created.body.data);
  expect((await service.post('/customers', body)).status).toBe(409);
  await service.destroy();
});

test.runIf(storageKind === 'sqlite')('a database in memory works too', async () => {
  const service = await Service.start({ DATABASE_URL: ':memory:' });
  const body = { corporation_id: 'corp_123', name: 'Acme' };
  const created = await service.post('/customers', body);
  expect((await service.get(`/customers/${created.body.id}`)).status).toBe(200);
  await service.destroy();
});

test('a caller who goes away in the middle of a body is no fault of ours', async () => {
  const service = await Service.start();
  const { hostname, port } = new URL(service.url);
  for (const path of ['/customers', '/graphql']) {
    const socket = connect(Number(port), hostname);
    socket.write(
      `POST ${path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${service.firstToken}\r\n` +
        'Content-Type: application/json\r\nContent-Length: 100\r\nExpect: 100-continue\r\n\r\n',
    );
    await once(socket, 'data');
    socket.write('{');
    socket.destroy();
  }
  const requests = () => service.logs.filter(({ msg }) => msg === 'request');
  await expect.poll(() => requests().map(({ status }) => status)).toEqual([400, 400]);
  expect(service.logs.filter(({ level }) => level >= 50)).toEqual([]);
  await service.destroy();
});

test('a list that nobody waits for any more ends with the service, and is no fault', async () => {
  const service = await Service.start();
  const { hostname, port } = new URL(service.url);
  for (let made = 0; made < 12_000; made += 500) {
    const customers = Array.from({ length: 500 }, () => ({
      corporation_id: 'corp_123',
      name: 'Acme',
    }));
    await service.post('/customers/bulk', { customers });
  }
  const query = `{ ${Array.from({ length: 30 }, (_, n) => `a${n}: customers(corporationId: "corp_123", filter: { search: "z" }) { totalCount }`).join(' ')} }`;
  const body = JSON.stringify({ query });
  const socket = connect(Number(port), hostname);
  await once(socket, 'connect');
  socket.write(
    `GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n` +
      `POST /graphql HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${service.firstToken}\r\n` +
      `Content-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
  );
  // The first answer tells that what came with it is in.
  await once(socket, 'data');
  // It is under way when others that came later, one after the other, are answered.
  for (let n = 0; n < 3; n++) await service.get('/healthz');
  socket.destroy();
  await service.destroy();
  const ended = () => service.logs.some(({ route }) => route === '/graphql');
  await vi.waitUntil(ended, { timeout: 10_000 });
  expect(service.logs.filter(({ level, msg }) => level >= 50 && msg !== 'request')).toEqual([]);
});
