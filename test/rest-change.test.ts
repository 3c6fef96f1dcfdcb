import { describe, expect, test } from 'vitest';
import { useService } from './support/service.js';

const service = useService();

async function newCustomer(fields = {}) {
  const corporation_id = await service.current.newCorporation();
  const body = { corporation_id, name: 'Acme', ...fields };
  return (await service.current.post('/customers', body)).body.data;
}

describe('POST and PATCH /customers/{id}', () => {
  test.each(['POST', 'PATCH'])('%s answers in both layers, under both prefixes', async (method) => {
    const customer = await newCustomer();
    const path = `/api/v1/customers/${customer.id}`;
    const { status, body } = await service.current.post(path, { name: 'Globex' }, { method });
    const changed = { ...customer, name: 'Globex', version: 2, updated_at: expect.any(Number) };
    expect(status).toBe(200);
    expect(body).toEqual({
      ...changed,
      data: changed,
      message: 'Successfully updated customer.',
    });
  });

  test('names fields that cannot be changed as unknown', async () => {
    const customer = await newCustomer();
    const { status, body } = await service.current.post(`/customers/${customer.id}`, {
      id: customer.id,
      corporation_id: customer.corporation_id,
      version: 7,
    });
    expect(status).toBe(400);
    expect(body.errors.map(({ path }: { path: string }) => path).sort()).toEqual([
      'corporation_id',
      'id',
      'version',
    ]);
  });
});

describe('ETag', () => {
  test('is with every customer that is answered alone, and grows with its version', async () => {
    const corporation_id = await service.current.newCorporation();
    const created = await service.current.post('/customers', { corporation_id, name: 'Acme' });
    const path = `/customers/${created.body.id}`;
    const changed = await service.current.post(path, { name: 'Globex' });
    const read = await service.current.get(path);
    expect([created, changed, read].map(({ headers }) => headers.get('etag'))).toEqual([
      '"1"',
      '"2"',
      '"2"',
    ]);
  });

  test('with If-None-Match answers 304 while the customer is the same', async () => {
    const customer = await newCustomer();
    const path = `/customers/${customer.id}`;
    const get = (tag: string) =>
      service.current.get(path, { headers: { 'If-None-Match': tag } }).then(({ status }) => status);
    expect(await get('"1"')).toBe(304);
    expect(await get('"7", W/"1"')).toBe(304);
    await service.current.post(path, { name: 'Globex' });
    expect(await get('"1"')).toBe(200);
  });

  test.each([
    ['"1"', 200],
    ['*', 200],
    ['"7", "1"', 200],
    ['"2"', 412],
    ['W/"1"', 412],
    ['"other"', 412],
    ['1', 400],
    ['"1', 400],
    ['', 400],
  ])('with If-Match: %s answers %i', async (tag, status) => {
    const customer = await newCustomer();
    const headers = { 'If-Match': tag };
    const path = `/customers/${customer.id}`;
    const reply = await service.current.post(path, { name: 'Globex' }, { headers });
    expect(reply.status).toBe(status);
    if (status === 400) {
      expect(reply.body).toMatchObject({
        code: 'INVALID_INPUT',
        errors: [
          { path: 'If-Match', message: 'must be the ETag of a reply, quotes included, or *' },
        ],
      });
    }
    if (status === 412) {
      expect(reply.headers.get('etag')).toBe('"1"');
      expect(reply.body).toMatchObject({ code: 'VERSION_MISMATCH', current: customer });
    }
  });
});

describe('DELETE /customers/{id}', () => {
  test('answers 204 without a body', async () => {
    const customer = await newCustomer();
    const reply = await service.current.get(`/customers/${customer.id}`, { method: 'DELETE' });
    expect(reply).toMatchObject({ status: 204, body: '' });
  });

  test('obeys If-Match', async () => {
    const customer = await newCustomer();
    const remove = (tag: string) =>
      service.current.get(`/customers/${customer.id}`, {
        method: 'DELETE',
        headers: { 'If-Match': tag },
      });
    expect((await remove('"2"')).status).toBe(412);
    expect((await remove('"1"')).status).toBe(204);
  });
});

describe('PUT /customers', () => {
  const put = (query: string, body: unknown, headers = {}) =>
    service.current.post(`/customers?${query}`, body, { method: 'PUT', headers });

  test('answers 201 when it created and 200 when it changed', async () => {
    const id = await service.current.newCorporation();
    const query = `corporation_id=${id}&external_id=gid%3A%2F%2Fapp%2FCustomer%2F1`;
    const created = await put(query, { name: 'Acme' });
    const changed = await put(query, { name: 'Globex' });
    expect(created).toMatchObject({
      status: 201,
      body: { external_id: 'gid://app/Customer/1', message: 'Successfully created customer.' },
    });
    expect(created.headers.get('location')).toBe(`/customers/${created.body.id}`);
    expect(changed.headers.get('location')).toBeNull();
    expect(changed).toMatchObject({
      status: 200,
      body: { id: created.body.id, version: 2, message: 'Successfully updated customer.' },
    });
  });

  test('takes a body that repeats the key, and refuses one that says otherwise', async () => {
    const corporation_id = await service.current.newCorporation();
    const query = `corporation_id=${corporation_id}&external_id=1`;
    const body = { name: 'Acme', corporation_id, external_id: '1' };
    expect((await put(query, body)).status).toBe(201);
    expect(await put(query, { ...body, external_id: '2' })).toMatchObject({
      status: 400,
      body: { errors: [{ path: 'external_id', code: 'UNKNOWN_FIELD' }] },
    });
  });

  test('refuses what is no percent-encoding rather than taking it as it stands', async () => {
    const { status, body } = await put('corporation_id=corp_123&external_id=lat%E9', {
      name: 'Acme',
    });
    expect(status).toBe(400);
    expect(body.errors).toMatchObject([{ path: 'external_id', code: 'INVALID_CHARACTERS' }]);
  });

  test('names parameters that are missing or unknown', async () => {
    const { status, body } = await put('name=Acme', { name: 'Acme', external_id: '1' });
    expect(status).toBe(400);
    expect(body.errors).toMatchObject([
      { path: 'corporation_id', code: 'REQUIRED' },
      { path: 'external_id', code: 'REQUIRED' },
      { path: 'name', code: 'UNKNOWN_FIELD' },
    ]);
  });

  test('with If-None-Match: * creates only', async () => {
    const id = await service.current.newCorporation();
    const query = `corporation_id=${id}&external_id=1`;
    const headers = { 'If-None-Match': '*' };
    expect((await put(query, { name: 'Acme' }, headers)).status).toBe(201);
    const again = await put(query, { name: 'Globex' }, headers);
    expect(again).toMatchObject({ status: 412, body: { current: { name: 'Acme' } } });
  });

  test('with another If-None-Match is refused, rather than done all the same', async () => {
    const id = await service.current.newCorporation();
    const headers = { 'If-None-Match': '"1"' };
    const reply = await put(`corporation_id=${id}&external_id=1`, { name: 'Acme' }, headers);
    expect(reply).toMatchObject({ status: 400, body: { errors: [{ path: 'If-None-Match' }] } });
  });

  test('with If-Match and If-None-Match does nothing', async () => {
    const id = await service.current.newCorporation();
    const query = `corporation_id=${id}&external_id=1`;
    const headers = { 'If-Match': '*', 'If-None-Match': '*' };
    expect((await put(query, { name: 'Acme' }, headers)).status).toBe(404);
    await put(query, { name: 'Acme' });
    const refused = await put(query, { name: 'Globex' }, headers);
    expect(refused).toMatchObject({ status: 412, body: { current: { name: 'Acme' } } });
  });

  test('with If-Match changes an existing customer only', async () => {
    const id = await service.current.newCorporation();
    const query = `corporation_id=${id}&external_id=1`;
    for (const tag of ['"0"', '"1"', '*']) {
      expect((await put(query, { name: 'Acme' }, { 'If-Match': tag })).status).toBe(404);
    }
    await put(query, { name: 'Acme' });
    expect((await put(query, { name: 'Globex' }, { 'If-Match': '"2"' })).status).toBe(412);
    expect((await put(query, { name: 'Globex' }, { 'If-Match': '"1"' })).status).toBe(200);
  });
});

describe('POST /customers/bulk', () => {
  const bulk = (body: unknown, key?: string) =>
    service.current.post('/customers/bulk', body, {
      headers: key === undefined ? {} : { 'Idempotency-Key': key },
    });

  test('answers 200 with a status and a customer or a problem for each', async () => {
    const corporation_id = await service.current.newCorporation();
    const { status, body } = await bulk({
      customers: [{ corporation_id, name: 'Acme' }, { corporation_id, nick_name: 'A' }, 7],
    });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      data: {
        results: [
          { status: 201, customer: { corporation_id, name: 'Acme' } },
          {
            status: 400,
            error: {
              status: 400,
              code: 'INVALID_INPUT',
              errors: [
                { path: 'customers.1.name', code: 'REQUIRED' },
                { path: 'customers.1.nick_name', code: 'UNKNOWN_FIELD' },
              ],
            },
          },
          { status: 400, error: { errors: [{ path: 'customers.2', code: 'INVALID_TYPE' }] } },
        ],
      },
      message: 'Processed 3 customers.',
    });
  });

  test.each([
    [{}, 'customers', 'REQUIRED'],
    [{ customers: {} }, 'customers', 'INVALID_TYPE'],
    [{ customers: [] }, 'customers', 'TOO_FEW'],
    [{ customers: [{}], inputs: [] }, 'inputs', 'UNKNOWN_FIELD'],
    [{ customers: [{}], dry_run: true }, 'dry_run', 'UNKNOWN_FIELD'],
  ])('refuses %j as a whole', async (body, path, code) => {
    expect(await bulk(body)).toMatchObject({
      status: 400,
      body: { code: 'INVALID_INPUT', errors: [{ path, code }] },
    });
  });

  test('with an idempotency key answers a repeat as the first call, its refusals too', async () => {
    const corporation_id = await service.current.newCorporation();
    const key = crypto.randomUUID();
    const taken = { corporation_id, name: 'Acme', external_id: '1' };
    const customers = [taken, { ...taken, name: 'Globex' }, { corporation_id, name: 'A' }];

    const first = await bulk({ customers }, key);
    const respelled = customers.map((item) =>
      Object.fromEntries(Object.entries({ ...item, email: null }).reverse()),
    );
    const repeat = await bulk({ customers: [...respelled.slice(0, 2), customers[2]] }, key);
    const other = await bulk({ customers: [taken] }, key);

    expect(repeat.headers.get('idempotent-replayed')).toBe('true');
    const withoutIds = ({ body }: typeof first) =>
      JSON.stringify(body).replace(/"request_id":"[^"]*"/g, '');
    expect(withoutIds(repeat)).toBe(withoutIds(first));
    expect(other).toMatchObject({ status: 422, body: { code: 'IDEMPOTENCY_MISMATCH' } });
    expect(
      await service.current.rows(
        'select id from customers where corporation_id = ?',
        corporation_id,
      ),
    ).toHaveLength(1);
  });
});
