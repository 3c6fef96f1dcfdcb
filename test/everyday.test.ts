import { expect, test } from 'vitest';
import { createCustomer, ofPage } from './support/faces.js';
import { type Json, type Reply, type SendOptions, useService } from './support/service.js';

/**
 * What programs ask every day is answered past Hono, and what a page of another origin asks through it.
 * The answers must be the same, whatever is wrong with the request.
 */
const service = useService({ RATE_LIMIT: '100000', BODY_LIMIT: '100000' });

type Request = SendOptions & { title: string; path: string; body?: BodyInit };

const input = { corporationId: 'corp_123', name: 'Acme' };
const wire = { corporation_id: 'corp_123', name: 'Acme' };
const json = (content: unknown) => JSON.stringify(content);
const create = (
  title: string,
  options: SendOptions = {},
  change: (fields: Json) => Json = (fields) => fields,
): Request[] => [
  { title: `${title}, over REST`, path: '/customers', body: json(change(wire)), ...options },
  {
    title: `${title}, over GraphQL`,
    path: '/graphql',
    body: json({ query: createCustomer, variables: { input: change(input) } }),
    ...options,
  },
];
const each = (title: string, body: BodyInit, options: SendOptions = {}): Request[] =>
  ['/graphql', '/customers', '/api/v1/customers', '/customers/bulk'].map((path) => ({
    title: `${title}, to ${path}`,
    path,
    body,
    ...options,
  }));

const requests: Request[] = [
  ...create('a create'),
  { title: 'a create under /api/v1', path: '/api/v1/customers', body: json(wire) },
  {
    title: 'a bulk call',
    path: '/customers/bulk',
    body: json({ customers: [wire, { ...wire, name: 'A' }, {}] }),
  },
  ...create('an unknown field', {}, (fields) => ({ ...fields, colour: 'red' })),
  ...create('nothing at all', {}, () => ({})),
  ...create('no token', { token: null }),
  ...create('a wrong token', { token: 'clientele_wrong' }),
  ...create('an id of the request', { headers: { 'X-Request-Id': 'mine-1' } }),
  ...create('an id that is none', { headers: { 'X-Request-Id': 'a b' } }),
  ...each('malformed JSON', '{"name":'),
  ...each('no object', '[1]'),
  ...each('an empty body', ''),
  ...each('no UTF-8', new Uint8Array([0x7b, 0xff, 0x7d])),
  ...each('too large a body', `{"a":"${'x'.repeat(200_000)}"}`),
  ...each('deep nesting', `${'['.repeat(300)}${']'.repeat(300)}`),
  ...each('another content type', '{}', { headers: { 'Content-Type': 'text/plain' } }),
  ...each('a compressed body', '{}', { headers: { 'Content-Encoding': 'gzip' } }),
  ...each('an Accept of neither', '{}', { headers: { Accept: 'text/csv' } }),
  { title: 'a document with a mistake', path: '/graphql', body: json({ query: '{ colour }' }) },
  { title: 'no document', path: '/graphql', body: json({ query: '{' }) },
  {
    title: 'GraphQL by its own media type',
    path: '/graphql',
    body: json({ query: '{ colour }' }),
    headers: { Accept: 'application/graphql-response+json' },
  },
  { title: 'a customer who is not there', path: '/customers/cust_none' },
  { title: 'a customer by an id with a space', path: '/customers/a%20b' },
  { title: 'a read without a token', path: '/customers/cust_none', token: null },
  { title: 'HEAD', path: '/customers/cust_none', method: 'HEAD' },
  { title: 'a change without a body', path: '/customers/cust_none', method: 'PATCH', body: '' },
  { title: 'a change of nobody', path: '/customers/cust_none', method: 'PATCH', body: '{}' },
  {
    title: 'a change with tags that are none',
    path: '/customers/cust_none',
    method: 'PATCH',
    body: '{}',
    headers: { 'If-Match': 'x' },
  },
  { title: 'a deletion of nobody', path: '/customers/cust_none', method: 'DELETE' },
  { title: 'a method that the path has not', path: '/customers/bulk', method: 'PUT', body: '{}' },
  { title: 'a list', path: '/customers?corporation_id=corp_none' },
  { title: 'a list with a slash behind', path: '/customers/?corporation_id=corp_none' },
  { title: 'a list of none', path: '/customers' },
  { title: 'a list by what is not known', path: '/customers?colour=red&colour=blue&limit=x' },
  { title: 'a list by what is malformed', path: '/customers?corporation_id=%zz&name=%' },
  { title: 'a list by +', path: '/customers?corporation_id=corp_none&name=a+b%2B' },
  { title: 'an upsert without its key', path: '/customers', method: 'PUT', body: '{}' },
  {
    title: 'an upsert that says two things',
    path: '/customers?corporation_id=corp_123&external_id=a',
    method: 'PUT',
    body: json({ name: 'Acme', external_id: 'b' }),
  },
  { title: 'a list by two marks', path: '/customers??corporation_id=corp_none' },
  { title: 'a list by nothing', path: '/customers?corporation_id=corp_none&=1' },
  { title: 'a corporation', path: '/corporations/corp_123' },
  { title: 'corporations', path: '/corporations?limit=1' },
  { title: 'a path that is not there', path: '/nothing' },
];

/** What may differ: ids and times of what was made, and what is counted. */
function comparable({ status, headers, body }: Reply): Json {
  const ofAnswer = new Map(headers);
  for (const name of [
    'date',
    'keep-alive',
    'ratelimit',
    'content-length',
    'location',
    'connection',
  ]) {
    ofAnswer.delete(name);
  }
  const requestId = ofAnswer.get('x-request-id') ?? '';
  const text = json(body)
    .replaceAll(requestId, 'the id of the request')
    .replaceAll(/cust_[0-9a-z]{26}/g, 'an id')
    .replaceAll(/("(?:createdAt|updatedAt)":)"[^"]*"|("(?:created_at|updated_at)":)\d+/g, '$1$2');
  const isRandom = /^[0-9a-f-]{36}$/.test(requestId);
  ofAnswer.set('x-request-id', isRandom ? 'a UUID' : requestId);
  return { status, headers: Object.fromEntries(ofAnswer), body: text };
}

test.each(requests)('$title', async ({ title: _, path, body, ...options }) => {
  const ofProgram = await service.current.send(path, body, options);
  const headers = { ...options.headers, ...ofPage };
  const throughHono = await service.current.send(path, body, { ...options, headers });

  expect(comparable(ofProgram)).toEqual(comparable(throughHono));
});

test('a customer who was not changed since', async () => {
  const { body, headers } = await service.current.post('/customers', wire);
  const ifNoneMatch = { 'If-None-Match': headers.get('etag') ?? '' };
  const read = (more: Record<string, string>) =>
    service.current.get(`/customers/${body.id}`, { headers: more });

  expect(comparable(await read({}))).toEqual(comparable(await read(ofPage)));
  expect(await read(ifNoneMatch)).toMatchObject({ status: 304, body: '' });
  const head = await service.current.get(`/customers/${body.id}`, {
    method: 'HEAD',
    headers: ifNoneMatch,
  });
  expect(head).toMatchObject({ status: 304 });
});

test('each is logged alike', async () => {
  const { logs } = service.current;
  const linesOf = async (headers: Record<string, string>) => {
    const before = logs.length;
    await service.current.post('/customers', wire, { headers });
    await service.current.post('/graphql', { query: '{ colour }' }, { headers });
    await service.current.get('/customers/cust_none', { headers });
    await service.current.post('/customers/bulk', { customers: [wire] }, { headers });
    return logs.slice(before).map(({ requestId: _, durationMs: __, time: ___, ...line }) => line);
  };

  const ofProgram = await linesOf({});
  expect(ofProgram).toEqual(await linesOf(ofPage));
  expect(ofProgram.map(({ route }) => route)).toEqual([
    '/customers',
    '/graphql',
    '/customers/:id',
    '/customers/bulk',
  ]);
});
