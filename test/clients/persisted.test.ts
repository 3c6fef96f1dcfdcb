import { createHash } from 'node:crypto';
import { ApolloClient, HttpLink, InMemoryCache } from '@apollo/client';
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries';
import { describe, expect, test } from 'vitest';
import { type SendOptions, useService } from '../support/service.js';
import { createCustomer, listCustomers } from './documents.js';
import { possibleTypes } from './possibleTypes.js';

const service = useService({ GRAPHQL_DEPTH_LIMIT: '5', GRAPHQL_TOKEN_LIMIT: '100' });

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const withHash = (sha256Hash: string) => ({ persistedQuery: { version: 1, sha256Hash } });
const comment = (characters: number) => `#${'x'.repeat(characters)}\n`;

/** Sends a document with its hash, as a client does that was told to. */
const keep = (query: string, options?: SendOptions) =>
  service.current.post('/graphql', { query, extensions: withHash(sha256(query)) }, options);

/** Sends the hash alone. */
const recall = (query: string, options?: SendOptions) =>
  service.current.post('/graphql', { extensions: withHash(sha256(query)) }, options);

const recallByGet = (query: string) => {
  const extensions = JSON.stringify(withHash(sha256(query)));
  return service.current.get(`/graphql?${new URLSearchParams({ extensions })}`);
};

const notFound = {
  errors: [
    { message: 'PersistedQueryNotFound', extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } },
  ],
};

test.each(['"Query"', '["Query"]', 'null', '1'])(
  'the body %s has no hash to be looked for',
  async (body) => {
    const reply = await service.current.send('/graphql', body);
    expect(reply).toMatchObject({
      status: 400,
      body: { errors: [{ extensions: { code: 'BAD_REQUEST' } }] },
    });
  },
);

test('Apollo Client sends a document once, and its hash from then on', async () => {
  const sent: { method: string; url: string; body: any }[] = [];
  const http = new HttpLink({
    uri: `${service.current.url}/graphql`,
    headers: { Authorization: `Bearer ${service.current.firstToken}` },
    fetch(url, options) {
      const { method = 'GET', body } = options ?? {};
      sent.push({ method, url: String(url), body: body ? JSON.parse(String(body)) : null });
      return fetch(url, options);
    },
  });
  const client = new ApolloClient({
    link: new PersistedQueryLink({ sha256, useGETForHashedQueries: true }).concat(http),
    cache: new InMemoryCache({ possibleTypes }),
    defaultOptions: { query: { fetchPolicy: 'network-only' } },
  });
  const corporationId = await service.current.newCorporation();
  const list = () =>
    client.query({ query: listCustomers, variables: { corporationId, first: 10 } });
  const create = (name: string) =>
    client.mutate({ mutation: createCustomer, variables: { input: { corporationId, name } } });

  await create('First');
  await create('Second');
  await list();
  const { data } = await list();

  expect(data?.customers.nodes.map(({ name }) => name)).toEqual(['Second', 'First']);
  expect(sent.map(({ method, body }) => [method, body?.query !== undefined])).toEqual([
    ['POST', false],
    ['POST', true],
    ['POST', false],
    ['GET', false],
    ['POST', true],
    ['GET', false],
  ]);
  expect(sent.at(-1)?.url).not.toContain('query=');
});

describe('the hash of a document', () => {
  test('stands for one that was sent with it, also by GET', async () => {
    const query = '{ corporation(id: "corp_123") { id } }';
    expect((await recall(query)).body).toMatchObject(notFound);
    expect((await recallByGet(query)).body).toMatchObject(notFound);
    const answer = { data: { corporation: { id: 'corp_123' } } };
    expect((await keep(query)).body).toEqual(answer);
    expect((await recall(query)).body).toEqual(answer);
    expect((await recallByGet(query)).body).toEqual(answer);
  });

  test('goes with variables and the name of an operation', async () => {
    const query = 'query A { __typename } query B($id: ID!) { corporation(id: $id) { id } }';
    await service.current.post('/graphql', {
      query,
      operationName: 'A',
      extensions: withHash(sha256(query)),
    });
    const { body } = await service.current.post('/graphql', {
      query: null,
      operationName: 'B',
      variables: { id: 'corp_123' },
      extensions: withHash(sha256(query)),
    });
    expect(body).toEqual({ data: { corporation: { id: 'corp_123' } } });
  });

  test('that is unknown is refused with a status where the client can read it', async () => {
    const { status } = await recall('{ unknown }', {
      headers: { Accept: 'application/graphql-response+json' },
    });
    expect(status).toBe(400);
    expect((await recall('{ unknown }')).status).toBe(200);
    const codes = service.current.logs.map(({ code }) => code);
    expect(codes).toContain('PERSISTED_QUERY_NOT_FOUND');
  });

  test('is refused when it is that of another document, which is not kept', async () => {
    const query = '{ corporation(id: "corp_123") { legalName } }';
    const extensions = withHash(sha256(`${query} `));
    const { body } = await service.current.post('/graphql', { query, extensions });
    expect(body.errors[0].extensions.code).toBe('PERSISTED_QUERY_MISMATCH');
    expect((await recall(query)).body).toMatchObject(notFound);
    expect((await recall(`${query} `)).body).toMatchObject(notFound);
  });

  test.each([
    [{ version: 2, sha256Hash: sha256('{ __typename }') }],
    [{ version: 1 }],
    ['hash'],
    [null],
  ])('written as %j is none', async (persistedQuery) => {
    await keep('{ __typename }');
    const { status, body } = await service.current.post('/graphql', {
      extensions: { persistedQuery },
    });
    expect(status).toBe(400);
    expect(body.errors[0]).toMatchObject({
      message: 'Missing query',
      extensions: { code: 'BAD_REQUEST' },
    });
  });

  test('does not get a mutation through by GET', async () => {
    const query = 'mutation { deleteCustomer(input: { id: "cust_1" }) { __typename } }';
    await keep(query);
    const { status, body } = await recallByGet(query);
    expect(status).toBe(405);
    expect(body.errors[0].extensions.code).toBe('METHOD_NOT_ALLOWED');
  });

  test('is no way around the content type that keeps other sites out', async () => {
    const { status } = await keep('{ __typename }', { headers: { 'Content-Type': 'text/plain' } });
    expect(status).toBe(415);
  });
});

describe('what is kept', () => {
  test.each([
    [
      'deep',
      '{ node(id: "c") { ... on Customer { corporation { customers { nodes { corporation { id } } } } } } }',
    ],
    ['long', `{ ${'__typename '.repeat(200)} }`],
  ])('is as limited as what is sent: a document that is too %s', async (_, query) => {
    const sent = await service.current.graphql(query);
    expect(sent.body.errors[0].message).toMatch(/at most 5 are allowed|100 tokens/);
    expect((await keep(query)).body).toEqual(sent.body);
    expect((await recall(query)).body).toEqual(sent.body);
  });

  test('comes from those who have a token, and gives nothing to those who have none', async () => {
    const query = '{ corporations { totalCount } }';
    const anonymous = { token: null };
    await keep(query, anonymous);
    expect((await recall(query)).body).toMatchObject(notFound);
    await keep(query);
    const { body } = await recall(query, anonymous);
    expect(body.errors[0].extensions.code).toBe('UNAUTHENTICATED');
  });

  test('is no document that would be too large without a token', async () => {
    const query = `${comment(65_536)}{ __typename }`;
    expect((await keep(query)).body).toEqual({ data: { __typename: 'Query' } });
    expect((await recall(query)).body).toMatchObject(notFound);
  });

  test('makes room for what comes after it, so that there is never too much', async () => {
    const documents = Array.from(
      { length: 20 },
      (_, n) => `${comment(60_000)}{ a${n}: __typename }`,
    );
    for (const query of documents) await keep(query);
    const found = [];
    for (const query of documents) found.push(!(await recall(query)).body.errors);
    expect(found.indexOf(true)).toBeGreaterThan(0);
    expect(found.lastIndexOf(false)).toBeLessThan(found.indexOf(true));
  });
});
