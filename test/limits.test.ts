import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, expect, test } from 'vitest';
import { createAssets } from '../src/http/assets.js';
import { Serving } from './support/command.js';
import { useDatabases } from './support/database.js';
import { faces } from './support/faces.js';
import { Service, useService } from './support/service.js';

const newDatabase = useDatabases();

describe('a GraphQL document', () => {
  const service = useService();

  test.each([
    ['of a million directives', `{ __typename ${'@a'.repeat(400_000)} }`],
    ['of thousands of aliases', `{ ${'a: customer(id: "c") { id } '.repeat(5000)} }`],
    ['of thousands of introspections', `{ ${'a: __schema { types { name } } '.repeat(5000)} }`],
    ['nested in lists', `{ customer(id: ${'['.repeat(2400)}${']'.repeat(2400)}) { id } }`],
    ['nested in fragments', `{ ${'... on Query { '.repeat(5000)} id ${'}'.repeat(5000)} }`],
  ])('%s is refused at once, and not as our fault', async (_, query) => {
    const { status, body } = await service.current.graphql(query);
    expect(status).toBe(200);
    expect(body.errors[0].extensions.code).toBe('GRAPHQL_PARSE_FAILED');
    expect(service.current.logs.filter(({ level }) => level >= 50)).toEqual([]);
  });

  test('may ask for 100 nodes at once, and no more', async () => {
    const query = 'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }';
    const ask = (count: number) =>
      service.current.graphql(query, { ids: Array(count).fill('corp_123') });
    expect((await ask(100)).body.data.nodes).toHaveLength(100);
    expect((await ask(101)).body.errors).toMatchObject([
      { extensions: { code: 'INVALID_INPUT', issues: [{ path: ['ids'], code: 'TOO_MANY' }] } },
    ]);
  });
});

describe('a body that is refused unread', () => {
  const service = useService({ BODY_LIMIT: '2048' });

  test.each([
    ['too large', 'application/json', 2_000_000, 413],
    ['of another type', 'text/plain', 2000, 415],
  ])('%s is answered each time, and the connection serves on', async (_, type, size, status) => {
    const good = { corporation_id: 'corp_123', name: 'Acme' };
    for (let i = 0; i < 10; i++) {
      const headers = { 'Content-Type': type };
      const refused = await service.current.send('/customers', 'x'.repeat(size), { headers });
      expect(refused.status).toBe(status);
      expect((await service.current.post('/customers', good)).status).toBe(201);
    }
  });
});

test('a stop does not cut off an answer that is on its way', async () => {
  const service = await Service.start();
  const { hostname, port } = new URL(service.url);
  const socket = connect(Number(port), hostname);
  const path = createAssets().pathOf('graphiql.js');
  socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
  const [first] = await once(socket, 'data');
  socket.pause();

  const stopped = service.stop();
  let length = first.length;
  for await (const chunk of socket) length += chunk.length;
  await stopped;

  const [head] = first.toString('latin1').split('\r\n\r\n');
  const announced = Number(/^content-length: (\d+)/im.exec(head)?.[1]);
  expect(announced).toBeGreaterThan(1_000_000);
  expect(length).toBe(head.length + 4 + announced);
  await service.forget();
});

test('an origin that may use the API cannot read the token of GraphiQL', async () => {
  const service = await Service.start({ CORS_ORIGINS: 'https://app.example.com' });
  const headers = { Origin: 'https://app.example.com' };
  const page = await service.get('/graphiql', { token: null, headers });
  const api = await service.get('/corporations/corp_123', { headers });
  expect(page.headers.get('access-control-allow-origin')).toBeNull();
  expect(api.headers.get('access-control-allow-origin')).toBe('https://app.example.com');
  expect(api.headers.get('access-control-expose-headers')).toContain('ETag');
  await service.destroy();
});

test('what is no country code is refused, even if upper-casing makes one of it', async () => {
  const service = await Service.start();
  for (const jurisdiction of ['ß', 'ﬁ', 'ıt', 'U', 'USA', 'U1', '', 'XK', 'EU']) {
    const reply = await service.post('/corporations', { legal_name: 'Acme', jurisdiction });
    expect(reply.body.errors).toMatchObject([{ path: 'jurisdiction', code: 'INVALID_COUNTRY' }]);
  }
  await service.destroy();
});

test.each(['production', 'development'])(
  'a stdout that cannot be written does not stop the service in %s, and is no fault to exit with',
  async (NODE_ENV) => {
    const serving = await Serving.start(
      { DATABASE_URL: await newDatabase(), NODE_ENV },
      { stdout: '/dev/full' },
    );
    for (let i = 0; i < 3; i++) {
      expect((await fetch(`${serving.url}/healthz`)).status).toBe(200);
    }
    expect(await serving.stop()).toBe(0);
  },
);

describe('what the operator allows in one call', () => {
  const service = useService({ PAGE_LIMIT: '10', BULK_LIMIT: '2' });
  const acme = (name: string) => ({ corporationId: 'corp_123', name });

  test.each(faces)('is the size of a page, over $name', async ({ list }) => {
    expect(await list(service.current, { corporationId: 'corp_123', size: 10 })).toHaveProperty(
      'total',
    );
    expect(await list(service.current, { corporationId: 'corp_123', size: 11 })).toMatchObject({
      code: 'INVALID_INPUT',
    });
  });

  test.each(faces)('is the number of customers to create, over $name', async ({ createMany }) => {
    expect(await createMany(service.current, [acme('One'), acme('Two')])).toHaveLength(2);
    const three = await createMany(service.current, [acme('One'), acme('Two'), acme('Three')]);
    expect(three).toMatchObject([{ code: 'INVALID_INPUT' }]);
  });
});
