import { describe, expect, test } from 'vitest';
import { useService } from './support/service.js';

/** The example request of the reference page. */
const example = {
  corporation_id: 'corp_123',
  name: 'Acme Corporation',
  email: 'contact@acme.com',
  external_id: 'ext_456',
  shipping_address: {
    line1: '123 Main St',
    line2: 'Suite 100',
    city: 'San Francisco',
    state: 'CA',
    postal_code: '94105',
    country: 'US',
  },
};

describe('POST /customers', () => {
  const service = useService();

  test.each(['', '/api/v1'])(
    'answers the example of the reference page in both layers, under "%s"',
    async (prefix) => {
      const corporation_id = await service.current.newCorporation();
      const request = { ...example, corporation_id };
      const earliest = Math.floor(Date.now() / 1000);

      const { status, headers, body } = await service.current.post(`${prefix}/customers`, request);

      const customer = {
        id: expect.stringMatching(/^cust_[0-9a-z]{26}$/),
        ...request,
        created_at: expect.any(Number),
        updated_at: body.created_at,
        source_platform: null,
        source_platform_id: null,
        version: 1,
      };
      expect(status).toBe(201);
      expect(headers.get('content-type')).toBe('application/json');
      expect(headers.get('location')).toBe(`/customers/${body.id}`);
      expect(body).toEqual({
        ...customer,
        data: customer,
        message: 'Successfully created customer.',
      });
      expect(Number.isInteger(body.created_at)).toBe(true);
      expect(body.created_at).toBeGreaterThanOrEqual(earliest);
      expect(body.created_at).toBeLessThanOrEqual(Date.now() / 1000);
    },
  );

  test('takes a corporation id that is a UUID', async () => {
    const id = 'b6d009b0-d174-463f-b030-94643c28e209';
    await service.current.beside(({ corporations }) =>
      corporations.createWithId({ id, input: { legalName: 'By UUID', jurisdiction: 'DE' } }),
    );

    const { status, body } = await service.current.post('/customers', {
      corporation_id: id,
      name: 'John Doe',
    });

    expect(status).toBe(201);
    expect(body.corporation_id).toBe(id);
  });

  test.each([
    'application/json; charset=utf-8',
    'application/json;charset=UTF-8',
    'Application/JSON',
    'application/vnd.api+json',
  ])('takes JSON sent as %s', async (type) => {
    const reply = await service.current.post(
      '/customers',
      { corporation_id: 'corp_123', name: 'Acme' },
      { headers: { 'Content-Type': type } },
    );
    expect(reply.status).toBe(201);
  });

  test('counts fields, and not what is wrong with each', async () => {
    const body = { corporation_id: 'corp_123', name: '\u0007' };
    const reply = await service.current.post('/customers', body);
    expect(reply.body.message).toBe('1 field is invalid.');
    expect(reply.body.errors).toMatchObject([
      { path: 'name', code: 'TOO_SHORT' },
      { path: 'name', code: 'INVALID_CHARACTERS' },
    ]);
  });

  test('names each unknown field as it was sent, a camelCase spelling among them', async () => {
    const body =
      '{"corporation_id":"corp_123","name":"Acme","externalId":"x","shippingAddress":{},' +
      '"nick_name":"A","__proto__":{"name":"x"},"constructor":1,"_":1,' +
      '"shipping_address":{"postalCode":"1","post_code":"2"}}';

    const reply = await service.current.send('/customers', body);

    expect(reply.status).toBe(400);
    expect(reply.body.code).toBe('INVALID_INPUT');
    expect(reply.body.errors).toHaveLength(8);
    for (const error of reply.body.errors) expect(error.code).toBe('UNKNOWN_FIELD');
    expect(reply.body.errors.map((error: { path: string }) => error.path).sort()).toEqual([
      '_',
      '__proto__',
      'constructor',
      'externalId',
      'nick_name',
      'shippingAddress',
      'shipping_address.post_code',
      'shipping_address.postalCode',
    ]);
  });

  test('names required fields that are missing and fields of a wrong type', async () => {
    const { status, body } = await service.current.post('/customers', {
      name: null,
      email: 7,
      external_id: true,
      shipping_address: 'Main St',
    });

    expect(status).toBe(400);
    expect(body.message).toBe('5 fields are invalid.');
    expect(body.errors).toEqual([
      { path: 'corporation_id', code: 'REQUIRED', message: 'is required' },
      { path: 'name', code: 'REQUIRED', message: 'is required' },
      { path: 'email', code: 'INVALID_TYPE', message: 'must be a string' },
      { path: 'external_id', code: 'INVALID_TYPE', message: 'must be a string' },
      { path: 'shipping_address', code: 'INVALID_TYPE', message: 'must be an object' },
    ]);
  });

  test('a conflict names the customer that has the external id', async () => {
    const corporation_id = await service.current.newCorporation();
    const first = await service.current.post('/customers', { ...example, corporation_id });

    const { status, body } = await service.current.post('/customers', {
      ...example,
      corporation_id,
      name: 'Globex',
    });

    expect(status).toBe(409);
    expect(body).toMatchObject({
      status: 409,
      code: 'CONFLICT',
      errors: [{ path: 'external_id', code: 'CONFLICT', message: `is taken by ${first.body.id}` }],
      existing: first.body.data,
    });
  });
});

describe('GET /customers/{id}', () => {
  const service = useService();

  test.each(['', '/api/v1'])('answers as create did, under "%s"', async (prefix) => {
    const corporation_id = await service.current.newCorporation();
    const created = await service.current.post('/customers', { ...example, corporation_id });

    const { status, body } = await service.current.get(`${prefix}/customers/${created.body.id}`);

    expect(status).toBe(200);
    expect(body).toEqual({ ...created.body, message: 'Successfully fetched customer.' });
  });

  test('answers alike for one that does not exist and one out of reach', async () => {
    const corporation_id = await service.current.newCorporation();
    const created = await service.current.post('/customers', { ...example, corporation_id });
    const token = await service.current.issueToken({ corporationIds: ['corp_123'] });
    const get = async (id: string) => {
      const { status, body } = await service.current.get(`/customers/${id}`, { token });
      return { status, ...body, request_id: undefined };
    };

    expect(await get(created.body.id)).toMatchObject({ status: 404, code: 'NOT_FOUND' });
    expect(await get(created.body.id)).toEqual(await get('cust_none'));
  });
});

describe('/corporations', () => {
  const service = useService();

  test('creates one, upper-casing its jurisdiction, and fetches it', async () => {
    const created = await service.current.post('/api/v1/corporations', {
      legal_name: ' Globex Corporation ',
      jurisdiction: 'us',
    });
    const data = {
      id: expect.stringMatching(/^corp_[0-9a-z]{26}$/),
      legal_name: 'Globex Corporation',
      jurisdiction: 'US',
      created_at: expect.any(Number),
    };
    expect(created.status).toBe(201);
    expect(created.headers.get('location')).toBe(`/corporations/${created.body.data.id}`);
    expect(created.body).toEqual({ data, message: 'Successfully created corporation.' });

    const fetched = await service.current.get(`/corporations/${created.body.data.id}`);
    expect(fetched.status).toBe(200);
    expect(fetched.body).toEqual({
      data: created.body.data,
      message: 'Successfully fetched corporation.',
    });
  });

  test('finds everything wrong with one at once', async () => {
    const { status, body } = await service.current.post('/corporations', {
      legal_name: '',
      jurisdiction: 'Utopia',
      id: 'corp_1',
    });
    expect(status).toBe(400);
    expect(body.errors).toMatchObject([
      { path: 'legal_name', code: 'TOO_SHORT' },
      { path: 'jurisdiction', code: 'INVALID_COUNTRY' },
      { path: 'id', code: 'UNKNOWN_FIELD' },
    ]);
  });

  test('a token for certain corporations neither creates one nor sees another', async () => {
    const other = await service.current.newCorporation();
    const token = await service.current.issueToken({ corporationIds: ['corp_123'] });
    const request = { legal_name: 'Globex', jurisdiction: 'US' };

    const created = await service.current.post('/corporations', request, { token });
    const fetched = await service.current.get(`/corporations/${other}`, { token });

    expect(created).toMatchObject({ status: 403, body: { code: 'FORBIDDEN' } });
    expect(fetched).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } });
    expect((await service.current.get('/corporations/corp_123', { token })).status).toBe(200);
  });
});

describe('the error table', () => {
  const service = useService({ BODY_LIMIT: '2048' });

  test('every error is a problem document (RFC 9457) with the id of the request', async () => {
    const { status, headers, body } = await service.current.post('/customers', {});

    expect(status).toBe(400);
    expect(headers.get('content-type')).toBe('application/problem+json');
    expect(body).toMatchObject({
      type: 'about:blank',
      title: 'Bad Request',
      status: 400,
      code: 'INVALID_INPUT',
      message: '2 fields are invalid.',
      detail: '2 fields are invalid.',
      request_id: headers.get('x-request-id'),
    });
  });

  test.each([
    ['no JSON', 'name=Acme'],
    ['JSON that ends early', '{"name":'],
    ['an empty body', ''],
    ['an array', '[]'],
    ['null', 'null'],
    ['a string', '"name"'],
    ['bytes that are not UTF-8', new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])],
  ])('400 MALFORMED_JSON for %s', async (_, body) => {
    const reply = await service.current.send('/customers', body);
    expect(reply).toMatchObject({ status: 400, body: { code: 'MALFORMED_JSON' } });
  });

  test.each([
    ['no token', {}],
    ['an unknown token', { Authorization: 'Bearer clientele_0' }],
    ['another scheme', { Authorization: 'Basic YTpi' }],
    ['a token without a scheme', { Authorization: 'clientele_0' }],
  ])('401 UNAUTHENTICATED for %s, before the body is looked at', async (_, headers) => {
    for (const path of ['/customers', '/api/v1/corporations']) {
      const reply = await service.current.send(path, 'no JSON', { token: null, headers });
      expect(reply).toMatchObject({ status: 401, body: { code: 'UNAUTHENTICATED' } });
      expect(reply.headers.get('www-authenticate')).toBe('Bearer');
    }
  });

  test('403 FORBIDDEN for a token that may only read, which may read', async () => {
    const token = await service.current.issueToken({ right: 'read' });
    const request = { corporation_id: 'corp_123', name: 'Acme' };
    const created = await service.current.post('/customers', request);

    const refused = await service.current.post('/customers', request, { token });
    const read = await service.current.get(`/customers/${created.body.id}`, { token });

    expect(refused).toMatchObject({ status: 403, body: { code: 'FORBIDDEN' } });
    expect(read.status).toBe(200);
  });

  test.each(['/nowhere', '/api/v1', '/api/v1/nowhere', '/customers/a/b', '/customers/%E0%A4%A'])(
    '404 NOT_FOUND at %s',
    async (path) => {
      const reply = await service.current.get(path);
      expect(reply).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } });
    },
  );

  test.each([
    ['DELETE', '/customers', 'POST, GET, HEAD, PUT'],
    ['PUT', '/corporations', 'POST, GET, HEAD'],
    ['PUT', '/api/v1/customers/cust_1', 'GET, HEAD, POST, PATCH, DELETE'],
    ['DELETE', '/corporations/corp_123', 'GET, HEAD'],
    ['POST', '/healthz', 'GET, HEAD'],
  ])('405 METHOD_NOT_ALLOWED for %s %s, with what is allowed', async (method, path, allow) => {
    const reply = await service.current.get(path, { method });
    expect(reply).toMatchObject({ status: 405, body: { code: 'METHOD_NOT_ALLOWED' } });
    expect(reply.headers.get('allow')).toBe(allow);
  });

  test('413 PAYLOAD_TOO_LARGE, whether the length is announced or not', async () => {
    const text = JSON.stringify({ corporation_id: 'corp_123', name: 'x'.repeat(3000) });
    const announced = await service.current.send('/customers', text);
    const stream = new Blob([text]).stream();
    const response = await fetch(`${service.current.url}/customers`, {
      method: 'POST',
      body: stream,
      duplex: 'half',
      headers: {
        Authorization: `Bearer ${service.current.firstToken}`,
        'Content-Type': 'application/json',
      },
    } as RequestInit);

    expect(announced).toMatchObject({ status: 413, body: { code: 'PAYLOAD_TOO_LARGE' } });
    expect(response.status).toBe(413);
  });

  test.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data', 'json', ''])(
    '415 UNSUPPORTED_MEDIA_TYPE for "%s"',
    async (type) => {
      const body = JSON.stringify({ corporation_id: 'corp_123', name: 'Acme' });
      const reply = await service.current.send('/customers', body, {
        headers: { 'Content-Type': type },
      });
      expect(reply).toMatchObject({ status: 415, body: { code: 'UNSUPPORTED_MEDIA_TYPE' } });
    },
  );
});
