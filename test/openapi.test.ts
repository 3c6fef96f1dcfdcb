import { describe, expect, test } from 'vitest';
import { defaultBulkLimit } from '../src/customers/input.js';
import { statuses } from '../src/http/errors.js';
import { defaultPageLimit } from '../src/paging.js';
import { createDocument } from '../src/rest/openapi/document.js';
import { createRest } from '../src/rest/rest.js';
import type { Json } from './support/client.js';
import { createContract } from './support/contract/contract.js';
import { useService } from './support/service.js';

const document: Json = createDocument({
  pageLimit: defaultPageLimit,
  bulkLimit: defaultBulkLimit,
});

describe('docs/openapi.json', () => {
  test('is what the code makes, with the limits that are the defaults', async () => {
    const text = `${JSON.stringify(document, null, 2)}\n`;
    await expect(text).toMatchFileSnapshot('../docs/openapi.json');
  });

  test('has every route of the REST face, and no other', () => {
    const limits = { bodyLimit: 1, jsonDepthLimit: 1, bulkLimit: 1 };
    const routes = createRest(null as never, null as never, limits);
    const served = routes.map(({ method, path }) => `${method} ${path.replace(/:(\w+)/g, '{$1}')}`);
    const documented = Object.entries<Json>(document.paths)
      .filter(([, item]) => !item.servers)
      .flatMap(([path, item]) =>
        Object.keys(item)
          .filter((name) => name !== 'parameters')
          .map((method) => `${method.toUpperCase()} ${path}`),
      );
    expect(documented.sort()).toEqual(served.sort());
  });

  test('has every error, but the one that only GraphQL has', () => {
    const codes = Object.values<Json>(document.components.schemas)
      .map(({ properties }) => properties.code?.const)
      .filter((code) => code !== undefined);
    const others = Object.keys(statuses).filter((code) => code !== 'NOT_ACCEPTABLE');
    expect(codes.sort()).toEqual(others.sort());
  });
});

describe('GET /openapi.json', () => {
  const service = useService({
    PAGE_LIMIT: '50',
    BULK_LIMIT: '20',
    CORS_ORIGINS: 'https://app.example.com',
  });

  test('is the document with the limits that are set, for everybody', async () => {
    const { status, headers, body } = await service.current.get('/openapi.json', { token: null });
    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe('application/json');
    expect(body).toEqual(
      JSON.parse(JSON.stringify(createDocument({ pageLimit: 50, bulkLimit: 20 }))),
    );
    const [, limit] = body.paths['/customers'].get.parameters;
    expect(limit).toMatchObject({ name: 'limit', schema: { minimum: 1, maximum: 50 } });
    expect(body.components.schemas.CreateCustomers.properties.customers.maxItems).toBe(20);
  });

  test('is fetched once, and then only asked for whether it is still the same', async () => {
    const first = await service.current.get('/openapi.json', { token: null });
    const tag = first.headers.get('etag') ?? '';
    const headers = { 'If-None-Match': tag };
    const again = await service.current.get('/openapi.json', { token: null, headers });
    expect(again).toMatchObject({ status: 304, body: '' });
    expect(again.headers.get('cache-control')).toBe('no-cache');
    const head = await service.current.get('/openapi.json', { method: 'HEAD', token: null });
    expect([head.status, head.body, head.headers.get('etag')]).toEqual([200, '', tag]);
  });

  test('answers no other method', async () => {
    const { status, headers } = await service.current.post('/openapi.json', {});
    expect([status, headers.get('allow')]).toEqual([405, 'GET, HEAD']);
  });

  test('lets in the origins that the API lets in', async () => {
    const headers = { Origin: 'https://app.example.com' };
    const reply = await service.current.get('/openapi.json', { token: null, headers });
    expect(reply.headers.get('access-control-allow-origin')).toBe('https://app.example.com');
  });
});

describe('the check that every reply of these tests goes through', () => {
  const check = createContract(document);
  const { value: reply } =
    document.paths['/customers'].post.responses[201].content['application/json'].examples.created;
  const headers = {
    'Content-Type': 'application/json',
    'X-Request-Id': 'a',
    Location: `/customers/${reply.id}`,
    ETag: '"1"',
  };
  const create = (
    changes: { status?: number; headers?: object; body?: object; json?: object } = {},
  ) => {
    const sent = { corporation_id: 'corp_123', name: 'Acme', ...changes.json };
    check(
      { method: 'POST', path: '/api/v1/customers', headers: {}, json: sent },
      {
        status: changes.status ?? 201,
        headers: new Headers({ ...headers, ...changes.headers }),
        body: { ...reply, ...changes.body },
      },
    );
  };

  test('lets a reply pass that is as documented', () => {
    expect(() => create()).not.toThrow();
  });

  test.each([
    ['an undocumented status', { status: 202 }, 'has a status that is not documented'],
    ['an undocumented field', { body: { nick_name: 'A' } }, /additional.*"nick_name"/],
    ['a field that is missing', { body: { version: undefined } }, /version/],
    ['a field within', { body: { data: { ...reply, age: 1 } } }, /data.*additional.*"age"/],
    ['a field of another type', { body: { created_at: '2026' } }, '/created_at must be integer'],
    ['another type', { headers: { 'Content-Type': 'text/html' } }, 'is of the type text/html'],
    ['a header that is wrong', { headers: { ETag: 'W/"1"' } }, 'has the header ETag'],
    ['an undocumented header', { headers: { 'Retry-After': '1' } }, 'has the header Retry-After'],
    ['the taking of a wrong body', { json: { name: 'A' } }, /took a request.*name/],
    ['the taking of a field', { json: { nick_name: 'A' } }, /took a request.*nick_name/],
  ])('refuses %s', (_, changes, message) => {
    expect(() => create(changes as never)).toThrow(message);
  });

  test('refuses a header that is missing', () => {
    const path = `/customers/${reply.id}`;
    const bare = new Headers({ 'Content-Type': 'application/json', 'X-Request-Id': 'a' });
    const exchange = { status: 200, headers: bare, body: reply };
    expect(() => check({ method: 'GET', path, headers: {}, json: undefined }, exchange)).toThrow(
      'lacks the header ETag',
    );
  });

  test('refuses that a valid request is called invalid, and an error that is not documented', () => {
    const problem = {
      type: 'about:blank',
      title: 'Bad Request',
      status: 400,
      code: 'INVALID_INPUT',
      message: 'x',
      detail: 'x',
      errors: [{ path: 'name', code: 'TOO_LONG', message: 'x' }],
      request_id: 'a',
    };
    const refuse = (body: object) =>
      check(
        {
          method: 'POST',
          path: '/customers',
          headers: {},
          json: { corporation_id: 'c', name: 'Acme' },
        },
        {
          status: 400,
          headers: new Headers({
            'Content-Type': 'application/problem+json',
            'X-Request-Id': 'a',
          }),
          body,
        },
      );
    expect(() => refuse(problem)).toThrow('refused a request that is valid: name');
    expect(() => refuse({ ...problem, code: 'CONFLICT' })).toThrow('has the code CONFLICT');
  });
});
