import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, expect, test } from 'vitest';
import { createCustomer } from './support/faces.js';
import { type Json, Service, useService } from './support/service.js';

/** For machines that have much else to do. */
const patience = { timeout: 10_000 };

describe('the line of a request', () => {
  const service = useService({ RATE_LIMIT: '1000' });
  const input = { corporationId: 'corp_123', name: 'Acme' };

  /** The line under the id that the reply has. */
  function lineOf(headers: Headers): Json | undefined {
    const requestId = headers.get('x-request-id');
    return service.current.logs.find(
      (line) => line.msg === 'request' && line.requestId === requestId,
    );
  }

  test.each([
    {
      what: 'a create over GraphQL',
      send: () => service.current.graphql(createCustomer, { input }),
      line: { route: '/graphql', status: 200, operation: 'createCustomer', code: undefined },
    },
    {
      what: 'an error as data over GraphQL, whose code nobody asked for',
      send: () =>
        service.current.graphql(
          'mutation ($input: CreateCustomerInput!) { it: createCustomer(input: $input) { __typename } }',
          { input: { ...input, name: '' } },
        ),
      line: { status: 200, operation: 'createCustomer', code: 'INVALID_INPUT' },
    },
    {
      what: 'a top-level error over GraphQL',
      send: () => service.current.graphql('{ customer(id: "x") { id } }', {}, { token: null }),
      line: { status: 200, operation: 'customer', code: 'UNAUTHENTICATED' },
    },
    {
      what: 'a document that is none',
      send: () => service.current.graphql('{'),
      line: { status: 200, operation: undefined, code: 'GRAPHQL_PARSE_FAILED' },
    },
    {
      what: 'a token that is not good over GraphQL',
      send: () => service.current.graphql('{ __typename }', {}, { token: 'bad' }),
      line: { status: 401, code: 'UNAUTHENTICATED' },
    },
    {
      what: 'a create over REST',
      send: () => service.current.post('/customers', { corporation_id: 'corp_123', name: 'Acme' }),
      line: { method: 'POST', route: '/customers', status: 201, code: undefined },
    },
    {
      what: 'an error over REST',
      send: () => service.current.post('/api/v1/customers', { corporation_id: 'corp_123' }),
      line: { method: 'POST', route: '/api/v1/customers', status: 400, code: 'INVALID_INPUT' },
    },
    {
      what: 'a token that is not good over REST',
      send: () => service.current.get('/customers/cust_1', { token: 'bad' }),
      line: { route: '/customers/:id', status: 401, code: 'UNAUTHENTICATED' },
    },
    {
      what: 'a path that is not there',
      send: () => service.current.get('/nothing'),
      line: { status: 404, code: 'NOT_FOUND' },
    },
  ])('tells how it went: $what', async ({ send, line }) => {
    const { headers } = await send();
    expect({ code: undefined, operation: undefined, ...lineOf(headers) }).toMatchObject({
      level: 30,
      durationMs: expect.any(Number),
      ...line,
    });
  });

  test('is there for requests that no route has seen', async () => {
    const { hostname, port } = new URL(service.current.url);
    const socket = connect(Number(port), hostname).setEncoding('utf8');
    socket.write('no HTTP at all\r\n\r\n');
    let answer = '';
    for await (const chunk of socket) answer += chunk;
    const [, requestId = ''] = /^X-Request-Id: (\S+)/m.exec(answer) ?? [];
    expect(lineOf(new Headers({ 'X-Request-Id': requestId }))).toMatchObject({
      status: 400,
      code: 'BAD_REQUEST',
    });
  });
});

test('has a line with the code for each request that is refused', async () => {
  const service = await Service.start({ CONCURRENCY_LIMIT: '1', RATE_LIMIT: '4' });
  const linesOf = (code: string) =>
    service.logs.filter((line) => line.msg === 'request' && line.code === code);
  const letGo = await service.holdWrites();
  const create = () => service.post('/customers', { corporation_id: 'corp_123', name: 'Acme' });
  // It waits for the lock, which leaves no place for others.
  const waiting = create();
  const overloaded = () => service.logs.filter(({ msg }) => msg === 'overloaded');
  const refused = () => overloaded().reduce((sum, line) => sum + line.refused, 0);
  await expect.poll(async () => (await service.get('/nowhere')).status, patience).toBe(503);
  await expect.poll(refused, patience).toBe(1);
  await letGo();
  await waiting;
  expect(overloaded()).toMatchObject([{ code: 'UNAVAILABLE' }]);

  for (let n = 0; n < 4 && linesOf('RATE_LIMITED').length === 0; n++) await create();
  await service.graphql('{ __typename }');
  expect(linesOf('RATE_LIMITED')).toMatchObject([
    { status: 429, route: '/customers', durationMs: expect.any(Number) },
    { status: 429, route: '/graphql', durationMs: expect.any(Number) },
  ]);
  await service.destroy();
});

describe('nothing that a caller sent is in the log', () => {
  /** Planted wherever a caller can put something. */
  const canary = 'zanary';
  let planted = 0;
  const plant = () => `${canary}${++planted}`;

  const customer = () => ({
    corporationId: 'corp_zanary',
    name: `Name ${plant()}`,
    email: `${plant()}@example.com`,
    externalId: plant(),
    sourcePlatform: plant(),
    sourcePlatformId: plant(),
    shippingAddress: {
      line1: plant(),
      line2: plant(),
      city: plant(),
      state: plant(),
      postalCode: plant(),
      country: 'US',
    },
  });
  const wire = ({ shippingAddress, ...rest }: ReturnType<typeof customer>) => ({
    corporation_id: rest.corporationId,
    name: rest.name,
    email: rest.email,
    external_id: rest.externalId,
    source_platform: rest.sourcePlatform,
    source_platform_id: rest.sourcePlatformId,
    shipping_address: { ...shippingAddress, postal_code: plant(), postalCode: undefined },
  });
  const headers = () => ({
    'X-Request-Id': `${plant()} is no id`,
    'User-Agent': plant(),
    Cookie: `session=${plant()}`,
    Referer: `http://${plant()}.example/`,
    'X-Forwarded-For': plant(),
    'X-Anything': plant(),
    traceparent: plant(),
  });

  /** Each call that there is, with good and with bad values; resolves to the ids that were made. */
  async function everyCall(service: Service): Promise<string[]> {
    const ids: string[] = [];
    const send = async (path: string, method: string, body?: unknown, more: Json = {}) => {
      const reply = await service.send(
        path,
        body === undefined ? undefined : JSON.stringify(body),
        {
          method,
          headers: { ...headers(), ...more },
        },
      );
      if (reply.body?.id) ids.push(reply.body.id);
      return reply;
    };
    const graphql = (query: string, variables: Json = {}, more: Json = {}) =>
      send('/graphql', 'POST', { query, variables, ...more });

    // REST
    const key = () => ({ 'Idempotency-Key': plant() });
    const { body: created } = await send('/customers', 'POST', wire(customer()), key());
    const id = created.id ?? `cust_${plant()}`;
    await send('/customers', 'POST', { ...wire(customer()), email: plant(), name: '' });
    await send('/customers', 'POST', { [plant()]: plant() });
    await send('/customers/bulk', 'POST', {
      customers: [wire(customer()), { ...wire(customer()), name: 1 }],
    });
    await send(`/customers/${id}`, 'GET');
    await send(`/customers/${plant()}`, 'GET', undefined, { 'If-None-Match': plant() });
    await send(`/customers/${id}`, 'PATCH', { email: `${plant()}@example.com` });
    await send(`/customers/${id}`, 'PATCH', { name: plant() }, { 'If-Match': plant() });
    const query = `corporation_id=corp_zanary&external_id=${plant()}`;
    await send(`/customers?${query}`, 'PUT', { name: plant() }, key());
    await send(`/customers?${query}&name=${plant()}&email=${plant()}&${plant()}=1`, 'GET');
    await send(`/customers?corporation_id=corp_zanary&search_term=${plant()}`, 'GET');
    await send(`/customers?corporation_id=${plant()}&cursor=${plant()}&limit=${plant()}`, 'GET');
    await send(`/customers/${id}`, 'DELETE', undefined, key());
    await send('/corporations', 'POST', { legal_name: plant(), jurisdiction: plant() });
    await send(`/corporations/${plant()}`, 'GET');
    await send(`/${plant()}/${plant()}`, 'POST', plant());
    await send(`/healthz?${plant()}=${plant()}`, 'GET');
    await service.send('/customers', `{"name": ${plant()}`, { headers: headers() });
    await service.send('/customers', plant(), { headers: { 'Content-Type': plant() } });
    await service.get('/customers', { token: plant(), headers: headers() });

    // GraphQL
    const failures = '... on Error { code message }';
    const create = `mutation ${plant()}($input: CreateCustomerInput!) {
      ${plant()}: createCustomer(input: $input) {
        ... on CreateCustomerSuccess { customer { id ${plant()}: name } } ${failures}
      }
    }`;
    // Often enough for it to be compiled.
    for (let n = 0; n < 12; n++) {
      const input = { ...customer(), idempotencyKey: plant() };
      const { body } = await graphql(create, { input });
      const [result] = Object.values<Json>(body.data ?? {});
      if (result?.customer) ids.push(result.customer.id);
    }
    await graphql(create, { input: { ...customer(), name: '' } });
    await graphql(create, { input: { ...customer(), [plant()]: plant() } });
    await graphql(`mutation ${plant()} {
      createCustomer(input: { corporationId: "corp_zanary", name: "${plant()}" }) { __typename }
      updateCustomer(input: { id: "${plant()}", name: "${plant()}" }) { __typename ${failures} }
      upsertCustomer(input: { corporationId: "${plant()}", externalId: "${plant()}", name: "${plant()}" }) { __typename ${failures} }
      deleteCustomer(input: { id: "${plant()}" }) { __typename ${failures} }
      createCustomers(inputs: [{ corporationId: "${plant()}", name: "${plant()}" }]) { __typename }
    }`);
    await graphql(`query ${plant()} { customer(id: "${plant()}") { id } }`);
    await graphql(
      `{ customerByExternalId(corporationId: "corp_zanary", externalId: "${plant()}") { id } }`,
    );
    await graphql(
      `{ customers(corporationId: "corp_zanary", filter: { search: "${plant()}" }, after: "${plant()}") { totalCount } }`,
    );
    await graphql(
      `{ nodes(ids: ["${plant()}"]) { id } ${plant()}: node(id: "${plant()}") { id } }`,
    );
    await graphql(`{ ${plant()} }`);
    await graphql(`{ ${plant()} "${plant()}" `);
    await graphql(`query ${plant()} { __typename }`, {}, { operationName: plant() });
    await service.send('/graphql', plant(), { headers: headers() });
    const asked = new URLSearchParams({
      query: `query ${plant()} { customer(id: "${plant()}") { id } }`,
    });
    await send(`/graphql?${asked}`, 'GET');
    await service.graphql(`query ${plant()} { __typename }`, {}, { token: plant() });
    return ids;
  }

  async function expectNothing(service: Service, ids: string[]): Promise<void> {
    const text = JSON.stringify(service.logs);
    expect(planted).toBeGreaterThan(100);
    expect(text).not.toMatch(/zanary/i);
    for (const secret of [service.firstToken, ...ids]) expect(text).not.toContain(secret);
  }

  async function start(environment: Record<string, string> = {}): Promise<Service> {
    const service = await Service.start(environment);
    await service.beside(({ corporations }) =>
      corporations.createWithId({
        id: 'corp_zanary',
        input: { legalName: 'Zanary Ltd', jurisdiction: 'US' },
      }),
    );
    return service;
  }

  test('when all is well', async () => {
    const service = await start();
    const ids = await everyCall(service);
    expect(ids.length).toBeGreaterThan(12);
    await expectNothing(service, ids);
    expect(service.logs.filter(({ msg }) => msg === 'request').length).toBeGreaterThan(40);
    await service.destroy();
  });

  test.each(['customers', 'idempotency_records', 'tokens', 'corporations'])(
    'when the table %s is broken',
    async (table) => {
      const service = await start();
      await service.execute(`alter table ${table} rename to mislaid`);
      const ids = await everyCall(service);
      expect(service.logs).toContainEqual(expect.objectContaining({ msg: 'request failed' }));
      await expectNothing(service, ids);
      await service.destroy();
    },
  );

  test('when it never became a request, or there is too much to do', async () => {
    const service = await start({ CONCURRENCY_LIMIT: '1' });
    const letGo = await service.holdWrites();
    const waiting = service.post('/customers', wire(customer()));
    await expect
      .poll(async () => (await service.get(`/customers/${plant()}?${plant()}`)).status, patience)
      .toBe(503);
    expect((await service.graphql(`{ ${plant()} }`)).status).toBe(503);
    const { hostname, port } = new URL(service.url);
    for (const text of [
      `${plant()} at all\r\n\r\n`,
      `GET /${plant()} HTTP/1.1\r\n${plant()}\r\n\r\n`,
    ]) {
      const socket = connect(Number(port), hostname);
      socket.write(text);
      await once(socket.resume(), 'close');
    }
    await letGo();
    await waiting;
    await expectNothing(service, []);
    await service.destroy();
  });
});
