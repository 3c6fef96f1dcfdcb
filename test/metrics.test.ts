import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { storageKind } from './support/database.js';
import { createCustomer, faces } from './support/faces.js';
import { Service } from './support/service.js';

const METRICS_TOKEN = 'a-token-for-prometheus';

/** For machines that have much else to do. */
const patience = { timeout: 10_000 };

async function scrape(service: Service): Promise<string[]> {
  const { status, headers, body } = await service.get('/metrics', { token: METRICS_TOKEN });
  expect(status).toBe(200);
  expect(headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
  return body.split('\n');
}

/** The value of a series, given as Prometheus writes it; 0 where there is none. */
async function readingOf(service: Service, series: string): Promise<number> {
  const line = (await scrape(service)).find((each) => each.startsWith(`${series} `));
  return Number(line?.slice(series.length) ?? 0);
}

function requests(face: string, operation: string, status: number, code: string): string {
  return `clientele_http_requests_total{face="${face}",operation="${operation}",status="${status}",code="${code}"}`;
}

describe('/metrics', () => {
  test('is not there unless METRICS_TOKEN is set', async () => {
    const service = await Service.start();
    expect((await service.get('/metrics')).status).toBe(404);
    await service.destroy();
  });

  test.each([
    ['none', null],
    ['another', 'another-token'],
    ['one that begins alike', METRICS_TOKEN.slice(0, -1)],
  ])('wants its own token: with %s it is 401', async (_, token) => {
    const service = await Service.start({ METRICS_TOKEN });
    for (const given of [token, token && service.firstToken]) {
      const { status, headers, body } = await service.get('/metrics', { token: given });
      expect([status, body.code]).toEqual([401, 'UNAUTHENTICATED']);
      expect(headers.get('www-authenticate')).toBe('Bearer');
    }
    await service.destroy();
  });

  test('gives no right to anything else', async () => {
    const service = await Service.start({ METRICS_TOKEN });
    expect((await service.get('/corporations', { token: METRICS_TOKEN })).status).toBe(401);
    await service.destroy();
  });
});

describe('the metrics', () => {
  let service: Service;
  const input = { corporationId: 'corp_123', name: 'Acme' };

  beforeAll(async () => {
    service = await Service.start({ METRICS_TOKEN, RATE_LIMIT: '1000' });
  });
  afterAll(() => service.destroy());

  /** What a series went up by while `work` was done. */
  async function growth(series: string, work: () => Promise<unknown>): Promise<number> {
    const before = await readingOf(service, series);
    await work();
    return (await readingOf(service, series)) - before;
  }

  test.each([
    ['graphql', 'createCustomer', 200, 'OK'],
    ['rest', 'POST /customers', 201, 'OK'],
  ])('%s: count and time a create', async (face, operation, status, code) => {
    const create = () =>
      face === 'graphql'
        ? service.graphql(createCustomer, { input })
        : service.post('/customers', { corporation_id: 'corp_123', name: 'Acme' });
    expect(await growth(requests(face, operation, status, code), create)).toBe(1);
    const labels = `face="${face}",operation="${operation}"`;
    const duration = `clientele_http_request_duration_seconds`;
    expect(await growth(`${duration}_count{${labels}}`, create)).toBe(1);
    const seconds = await growth(`${duration}_sum{${labels}}`, create);
    expect(seconds).toBeGreaterThan(0);
    expect(seconds).toBeLessThan(5);
    expect(await growth(`${duration}_bucket{le="+Inf",${labels}}`, create)).toBe(1);
  });

  test.each([
    {
      what: 'an error that GraphQL answers as data, also when its code is not asked for',
      series: requests('graphql', 'createCustomer', 200, 'INVALID_INPUT'),
      send: () =>
        service.graphql(
          'mutation ($input: CreateCustomerInput!) { createCustomer(input: $input) { __typename } }',
          { input: { ...input, name: '' } },
        ),
    },
    {
      what: 'a top-level error',
      series: requests('graphql', 'customer', 200, 'UNAUTHENTICATED'),
      send: () => service.graphql('{ customer(id: "x") { id } }', {}, { token: null }),
    },
    {
      what: 'variables of a wrong type',
      series: requests('graphql', 'createCustomer', 200, 'BAD_USER_INPUT'),
      send: () => service.graphql(createCustomer, {}),
    },
    {
      what: 'what is no GraphQL',
      series: requests('graphql', 'unknown', 200, 'GRAPHQL_PARSE_FAILED'),
      send: () => service.graphql('{'),
    },
    {
      what: 'a document that is not valid',
      series: requests('graphql', 'unknown', 200, 'GRAPHQL_VALIDATION_FAILED'),
      send: () => service.graphql('{ nothing }'),
    },
    {
      what: 'an operation that the document does not have',
      series: requests('graphql', 'unknown', 200, 'BAD_REQUEST'),
      send: () => service.post('/graphql', { query: '{ __typename }', operationName: 'other' }),
    },
    {
      what: 'an error of REST',
      series: requests('rest', 'GET /api/v1/customers/:id', 404, 'NOT_FOUND'),
      send: () => service.get('/api/v1/customers/cust_1'),
    },
    {
      what: 'a path that is not there',
      series: requests('other', 'GET /*', 404, 'NOT_FOUND'),
      send: () => service.get('/nothing/here'),
    },
  ])('name the code of $what', async ({ series, send }) => {
    expect(await growth(series, send)).toBe(1);
  });

  test('name a GraphQL operation by the field of the schema, whatever it is called', async () => {
    const spelled = (name: string) => /* GraphQL */ `
      query ${name} { ${name}: customers(corporationId: "corp_123") { totalCount } ...${name} }
      fragment ${name} on Query { ... on Query { ${name}2: customers(corporationId: "corp_123") { totalCount } } }
    `;
    const names = ['Alice', 'Bob', 'Carol'];
    const send = () => Promise.all(names.map((name) => service.graphql(spelled(name))));
    expect(await growth(requests('graphql', 'customers', 200, 'OK'), send)).toBe(3);
    const two = () =>
      service.graphql('{ __typename corporations { totalCount } customer(id: "x") { id } }');
    expect(await growth(requests('graphql', 'multiple', 200, 'OK'), two)).toBe(1);
    expect((await scrape(service)).join('\n')).not.toMatch(/Alice|Bob|Carol/);
  });

  test('have no more series for callers that make things up', async () => {
    const makeUp = async (from: number) => {
      for (let at = from; at < from + 5; at++) {
        await service.get(`/made-up-${at}`);
        await service.get(`/customers/made-up-${at}`);
        await service.get(`/customers?made-up-${at}=1`, { token: `made-up-${at}` });
        await service.graphql(`query MadeUp${at} { madeUp${at}: customer(id: "${at}") { id } }`);
        await service.graphql(`{ madeUp${at} }`);
        await service.graphql('{ __typename }', {}, { headers: { 'X-Made-Up': `${at}` } });
      }
    };
    const series = async () =>
      (await scrape(service)).filter((line) => line.startsWith('clientele_'));
    await makeUp(0);
    await scrape(service);
    const before = (await series()).length;
    await makeUp(5);
    const after = await series();
    expect(after.length).toBe(before);
    expect(after.join('\n')).not.toMatch(/made-?up/i);
  });

  test('tell how many writes shared a commit, and how long it took', async () => {
    const create = () => Promise.all(faces.map((face) => face.create(service, input)));
    expect(await growth('clientele_commit_writes_sum', create)).toBe(2);
    expect(await growth('clientele_commit_writes_count', create)).toBeGreaterThan(0);
    const { id } = (await service.post('/customers', { corporation_id: 'corp_123', name: 'Acme' }))
      .body;
    const change = () => service.post(`/customers/${id}`, { name: 'Globex' });
    expect(await growth('clientele_commit_writes_sum', change)).toBe(1);
    const bulk = () =>
      service.post('/customers/bulk', {
        customers: Array(3).fill({ corporation_id: 'corp_123', name: 'Acme' }),
      });
    expect(await growth('clientele_commit_writes_sum', bulk)).toBe(1);
    expect(await growth('clientele_commit_writes_bucket{le="1000"}', create)).toBeGreaterThan(0);
    expect(await growth('clientele_commit_duration_seconds_sum', create)).toBeGreaterThan(0);
  });

  test('tell how large the database is', async () => {
    const [size] = await service.rows(
      storageKind === 'sqlite'
        ? 'select page_count * page_size as bytes from pragma_page_count, pragma_page_size'
        : 'select pg_database_size(current_database()) as bytes',
    );
    expect(await readingOf(service, 'clientele_database_size_bytes')).toBe(size?.bytes);
  });

  test('have those of the process, and the lag of its event loop', async () => {
    expect(await readingOf(service, 'process_resident_memory_bytes')).toBeGreaterThan(1e6);
    const text = (await scrape(service)).join('\n');
    expect(text).toMatch(/^nodejs_eventloop_lag_p99_seconds \d/m);
    expect(text).toMatch(/^process_cpu_seconds_total \d/m);
  });
});

test('writes that wait are the depth of the queue, and what does not fit is UNAVAILABLE', async () => {
  const service = await Service.start({ METRICS_TOKEN, WRITE_QUEUE_LIMIT: '2' });
  const create = () => service.post('/customers', { corporation_id: 'corp_123', name: 'Acme' });
  const letGo = await service.holdWrites();
  const waiting = [create(), create(), create()];

  await expect.poll(() => readingOf(service, 'clientele_write_queue_depth'), patience).toBe(2);
  // Only one that does not fit is answered yet.
  expect((await Promise.race(waiting)).status).toBe(503);
  await letGo();

  expect((await Promise.all(waiting)).map(({ status }) => status).sort()).toEqual([201, 201, 503]);
  expect(await readingOf(service, requests('rest', 'POST /customers', 503, 'UNAVAILABLE'))).toBe(1);
  expect(await readingOf(service, 'clientele_write_queue_depth')).toBe(0);
  await service.destroy();
});

test('requests over the rate are RATE_LIMITED', async () => {
  const service = await Service.start({ METRICS_TOKEN, RATE_LIMIT: '1' });
  for (let n = 0; n < 3; n++) await service.get('/corporations');
  for (let n = 0; n < 2; n++) await service.graphql('{ __typename }');
  expect(await readingOf(service, requests('rest', 'GET /corporations', 429, 'RATE_LIMITED'))).toBe(
    2,
  );
  expect(await readingOf(service, requests('graphql', 'unknown', 429, 'RATE_LIMITED'))).toBe(2);
  await service.destroy();
});

test('what no route has seen counts as unread; /metrics answers also under overload', async () => {
  const service = await Service.start({ METRICS_TOKEN, CONCURRENCY_LIMIT: '1' });
  const letGo = await service.holdWrites();
  const create = () => service.post('/customers', { corporation_id: 'corp_123', name: 'Acme' });
  const waiting = create();
  await expect.poll(() => readingOf(service, 'clientele_write_queue_depth'), patience).toBe(1);

  expect((await create()).status).toBe(503);
  const { hostname, port } = new URL(service.url);
  const socket = connect(Number(port), hostname);
  socket.write('no HTTP at all\r\n\r\n');
  await once(socket.resume(), 'close');

  expect(await readingOf(service, requests('other', 'unread', 503, 'UNAVAILABLE'))).toBe(1);
  expect(await readingOf(service, requests('other', 'unread', 400, 'BAD_REQUEST'))).toBe(1);
  await letGo();
  expect((await waiting).status).toBe(201);
  await service.destroy();
});

test('two services of one process count apart', async () => {
  const [one, two] = await Promise.all([
    Service.start({ METRICS_TOKEN }),
    Service.start({ METRICS_TOKEN }),
  ]);
  await one.get('/corporations');
  const series = requests('rest', 'GET /corporations', 200, 'OK');
  expect([await readingOf(one, series), await readingOf(two, series)]).toEqual([1, 0]);
  await Promise.all([one.destroy(), two.destroy()]);
});
