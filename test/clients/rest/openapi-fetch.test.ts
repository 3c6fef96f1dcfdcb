import createClient, { type Middleware } from 'openapi-fetch';
import { beforeAll, describe, expect, test } from 'vitest';
import { useService } from '../../support/service.js';
import type { components, paths } from './schema.js';

type Problem =
  | components['schemas']['InvalidInputProblem']
  | components['schemas']['ConflictProblem']
  | components['schemas']['VersionMismatchProblem'];

const service = useService();
let client: ReturnType<typeof createClient<paths>>;

beforeAll(() => {
  client = createClient<paths>({ baseUrl: `${service.current.url}/api/v1` });
  const authenticate: Middleware = {
    onRequest({ request }) {
      request.headers.set('Authorization', `Bearer ${service.current.firstToken}`);
    },
  };
  client.use(authenticate);
});

/** What a call answered; an error is a failure of the test. */
function answered<Data>({ data, error }: { data?: Data; error?: unknown }): Data {
  if (data === undefined) throw new Error(`Answered ${JSON.stringify(error)}`);
  return data;
}

async function newCorporation(): Promise<string> {
  const body = { legal_name: 'Globex Corporation', jurisdiction: 'US' };
  return answered(await client.POST('/corporations', { body })).data.id;
}

async function newCustomer(fields: Partial<components['schemas']['CreateCustomer']> = {}) {
  const body = { corporation_id: await newCorporation(), name: 'Acme', ...fields };
  return answered(await client.POST('/customers', { body })).data;
}

describe('a client that openapi-typescript and openapi-fetch make of the document', () => {
  test('creates a customer, once with one idempotency key', async () => {
    const corporation_id = await newCorporation();
    const params = { header: { 'Idempotency-Key': crypto.randomUUID() } };
    const body = {
      corporation_id,
      name: 'Acme',
      shipping_address: { city: 'Lyon', country: 'FR' },
    };
    const first = await client.POST('/customers', { params, body });
    const again = await client.POST('/customers', { params, body });

    const customer: components['schemas']['Customer'] = answered(first).data;
    expect(customer).toMatchObject({ corporation_id, name: 'Acme', email: null, version: 1 });
    expect(customer.shipping_address?.country).toBe('FR');
    expect(first.response.headers.get('location')).toBe(`/customers/${customer.id}`);
    expect(answered(again).id).toBe(customer.id);
    expect(again.response.headers.get('idempotent-replayed')).toBe('true');
  });

  test('tells errors apart by their code, each with what belongs to it', async () => {
    const taken = await newCustomer({ external_id: 'ext_1' });
    const create = async (fields: object) => {
      const body = { corporation_id: taken.corporation_id, name: 'Globex', ...fields };
      return (await client.POST('/customers', { body })).error;
    };
    const conflict = await create({ external_id: 'ext_1' });
    if (conflict?.code !== 'CONFLICT') throw new Error('No conflict.');
    const existing: components['schemas']['Customer'] = conflict.existing;
    expect(existing).toEqual(taken);

    const invalid = await create({ name: 'A', email: 'nobody' });
    if (invalid?.code !== 'INVALID_INPUT') throw new Error('Not invalid.');
    expect(invalid.errors.map(({ path, code }) => [path, code])).toEqual([
      ['name', 'TOO_SHORT'],
      ['email', 'INVALID_EMAIL'],
    ]);
  });

  test('has a type for each error, so that a switch can be held to have all', () => {
    const tell = (problem: Problem): string => {
      switch (problem.code) {
        case 'INVALID_INPUT':
          return problem.errors.map(({ path }) => path).join();
        case 'CONFLICT':
          return problem.existing.id;
        case 'VERSION_MISMATCH':
          return String(problem.current.version);
        default:
          return problem satisfies never;
      }
    };
    const issue = { path: 'name', code: 'REQUIRED' as const, message: 'is required' };
    const told = {
      type: 'about:blank',
      title: '',
      message: '',
      detail: '',
      request_id: '',
    } as const;
    expect(tell({ ...told, status: 400, code: 'INVALID_INPUT', errors: [issue] })).toBe('name');
  });

  test('gets a customer, and nothing while it is the same', async () => {
    const { id } = await newCustomer();
    const path = { id };
    const found = await client.GET('/customers/{id}', { params: { path } });
    expect(answered(found).message).toBe('Successfully fetched customer.');
    const header = { 'If-None-Match': found.response.headers.get('etag') ?? '' };
    const same = await client.GET('/customers/{id}', { params: { path, header } });
    expect(same.response.status).toBe(304);
    const none = await client.GET('/customers/{id}', { params: { path: { id: 'cust_none' } } });
    expect(none.error?.code).toBe('NOT_FOUND');
  });

  test('updates a customer at the version that it saw, by PATCH and by POST', async () => {
    const { id } = await newCustomer({ email: 'ada@example.com' });
    const params = { path: { id }, header: { 'If-Match': '"1"' } };
    const changed = await client.PATCH('/customers/{id}', { params, body: { email: null } });
    expect(answered(changed).data).toMatchObject({ email: null, version: 2 });

    const late = await client.PATCH('/customers/{id}', { params, body: { name: 'Globex' } });
    if (late.error?.code !== 'VERSION_MISMATCH') throw new Error('No mismatch.');
    expect(late.error.current.version).toBe(2);

    const path = { id };
    const again = await client.POST('/customers/{id}', {
      params: { path },
      body: { name: 'Globex' },
    });
    expect(answered(again).name).toBe('Globex');
  });

  test('creates or replaces a customer by its external id', async () => {
    const query = { corporation_id: await newCorporation(), external_id: 'gid://app/Customer/1' };
    const created = await client.PUT('/customers', { params: { query }, body: { name: 'Acme' } });
    const changed = await client.PUT('/customers', { params: { query }, body: { name: 'Globex' } });
    expect([created.response.status, changed.response.status]).toEqual([201, 200]);
    expect(created.response.headers.get('location')).toBe(`/customers/${answered(created).id}`);
    expect(answered(changed)).toMatchObject({ ...query, name: 'Globex', version: 2 });

    const header = { 'If-None-Match': '*' } as const;
    const refused = await client.PUT('/customers', {
      params: { query, header },
      body: { name: 'Initech' },
    });
    expect(refused.error?.code).toBe('VERSION_MISMATCH');
  });

  test('deletes a customer', async () => {
    const { id } = await newCustomer();
    const params = { path: { id }, header: { 'If-Match': '"1"' } };
    const { response } = await client.DELETE('/customers/{id}', { params });
    expect(response.status).toBe(204);
    expect((await client.DELETE('/customers/{id}', { params })).error?.code).toBe('NOT_FOUND');
  });

  test('creates many customers, and tells what came of each', async () => {
    const corporation_id = await newCorporation();
    const customers = [
      { corporation_id, name: 'Acme', external_id: '1' },
      { corporation_id, name: 'Globex', external_id: '1' },
      { corporation_id, name: 'A' },
    ];
    const { results } = answered(
      await client.POST('/customers/bulk', { body: { customers } }),
    ).data;
    const told = results.map((result) => {
      switch (result.status) {
        case 201:
          return result.customer.name;
        case 400:
          return result.error.errors[0]?.path;
        case 409:
          return result.error.existing.name;
        default:
          return result satisfies never;
      }
    });
    expect(told).toEqual(['Acme', 'Acme', 'customers.2.name']);
  });

  test('lists customers page by page, filtered', async () => {
    const corporation_id = await newCorporation();
    const customers = ['shopify', 'stripe', 'elsewhere', 'shopify'].map((source_platform, n) => ({
      corporation_id,
      name: `Customer ${n}`,
      source_platform,
    }));
    await client.POST('/customers/bulk', { body: { customers } });

    const names: string[] = [];
    let cursor: string | null | undefined;
    do {
      const query = {
        corporation_id,
        source_platforms: ['shopify', 'stripe'],
        limit: 2,
        ...(cursor && { cursor }),
      };
      const { data } = answered(
        await client.GET('/customers', {
          params: { query },
          querySerializer: { array: { style: 'form', explode: false } },
        }),
      );
      expect(data.total_customers).toBe(3);
      names.push(...data.customers.map(({ name }) => name));
      cursor = data.cursor;
    } while (cursor !== null);
    expect(names).toEqual(['Customer 3', 'Customer 1', 'Customer 0']);
  });

  test('creates, gets and lists corporations', async () => {
    const id = await newCorporation();
    const found = answered(await client.GET('/corporations/{id}', { params: { path: { id } } }));
    expect(found.data).toMatchObject({ id, legal_name: 'Globex Corporation', jurisdiction: 'US' });
    const { data } = answered(
      await client.GET('/corporations', { params: { query: { limit: 1 } } }),
    );
    expect(data.corporations).toHaveLength(1);
    expect(data.total_corporations).toBeGreaterThan(1);
  });

  test('asks for health and for the document itself, at the root', async () => {
    const root = createClient<paths>({ baseUrl: service.current.url });
    expect(answered(await root.GET('/healthz')).status).toBe('ok');
    expect(answered(await root.GET('/readyz')).status).toBe('ready');
    expect(answered(await root.GET('/openapi.json'))).toHaveProperty('openapi', '3.1.1');
  });

  test('does not compile with what the document does not have', () => {
    const never = () => {
      // @ts-expect-error -- a name is required
      client.POST('/customers', { body: { corporation_id: 'corp_123' } });
      // @ts-expect-error -- a name is a string
      client.POST('/customers', { body: { corporation_id: 'corp_123', name: 7 } });
      // @ts-expect-error -- there is no such path
      client.GET('/clients');
      // @ts-expect-error -- a limit is a number
      client.GET('/corporations', { params: { query: { limit: 'ten' } } });
    };
    expect(never).toBeTypeOf('function');
  });
});
