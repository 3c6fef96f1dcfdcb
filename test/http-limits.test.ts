import { once } from 'node:events';
import { existsSync, readdirSync, readlinkSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { createAssets } from '../src/http/assets.js';
import { storageKind } from './support/database.js';
import { createCustomer } from './support/faces.js';
import { type Json, type Reply, type SendOptions, Service } from './support/service.js';

let service: Service;

beforeAll(async () => {
  service = await Service.start({
    HEADER_LIMIT: '4096',
    JSON_DEPTH_LIMIT: '8',
    REQUEST_TIMEOUT: '200ms',
    IDLE_TIMEOUT: '200ms',
  });
});
afterAll(() => service.destroy());

/** Sends bytes as they are and resolves to all that comes back until the connection is closed. */
async function sendRaw(to: Service, text: string): Promise<string> {
  const socket = open(to);
  socket.write(text);
  return received(socket);
}

function open(to: Service): Socket {
  const { hostname, port } = new URL(to.url);
  return connect(Number(port), hostname).on('error', () => {});
}

async function received(socket: Socket): Promise<string> {
  let text = '';
  socket.setEncoding('utf8').on('data', (chunk) => {
    text += chunk;
  });
  await once(socket, 'close');
  return text;
}

function problemIn(answer: string): Json {
  const [head = '', body = ''] = answer.split('\r\n\r\n');
  expect(head).toMatch(/^content-type: application\/problem\+json/im);
  expect(head).toMatch(/^X-Request-Id: \S+$/m);
  return JSON.parse(body);
}

/** A create as each face takes it, and the code of what it refuses. */
const faces = [
  {
    face: 'REST',
    path: '/customers',
    body: (input: Json) => ({ ...input, corporation_id: 'corp_123' }),
    codeOf: ({ body }: Reply) => body.code,
  },
  {
    face: 'GraphQL',
    path: '/graphql',
    body: (input: Json) => ({
      query: createCustomer,
      variables: { input: { ...input, corporationId: 'corp_123' } },
    }),
    codeOf: ({ body }: Reply) => body.errors?.[0].extensions.code,
  },
];

describe('a request that never becomes one', () => {
  test('with headers that are too large is answered 431', async () => {
    const answer = await sendRaw(
      service,
      `GET /customers HTTP/1.1\r\nHost: localhost\r\nX-Filler: ${'x'.repeat(5000)}\r\n\r\n`,
    );
    expect(problemIn(answer)).toMatchObject({ status: 431, code: 'HEADERS_TOO_LARGE' });
  });

  test.each([
    'GET /customers\r\n\r\n',
    'GET /\x01 HTTP/1.1\r\n\r\n',
    'POST /customers HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}',
    'POST /customers HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n',
    'BREW /pot HTTP/1.1\r\nHost: x\r\n\r\n',
  ])('%j is answered 400', async (text) => {
    const answer = await sendRaw(service, text);
    expect(problemIn(answer)).toMatchObject({ status: 400, code: 'BAD_REQUEST' });
  });

  test.each([
    ['all of it', ''],
    ['the head', 'POST /customers HTTP/1.1\r\nHost: x\r\n'],
    [
      'the body',
      `POST /customers HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer TOKEN\r\nContent-Type: application/json\r\nContent-Length: 10\r\n\r\n{`,
    ],
  ])('because %s takes too long is answered 408 and let go', async (_, text) => {
    const answer = await sendRaw(service, text.replace('TOKEN', service.firstToken));
    expect(problemIn(answer)).toMatchObject({ status: 408, code: 'REQUEST_TIMEOUT' });
  });
});

test.each([
  ['a program', ''],
  ['a page', 'Origin: https://app.example.com\r\n'],
])('a body that nobody wants does not keep the connection of %s', async (_, header) => {
  const patient = await Service.start();
  onTestFinished(() => patient.destroy());
  const head = `POST /customers HTTP/1.1\r\nHost: localhost\r\n${header}Content-Length: 100000000\r\n\r\n`;
  const answer = await sendRaw(patient, `${head}{`);

  expect(problemIn(answer)).toMatchObject({ status: 401, code: 'UNAUTHENTICATED' });
  const lines = patient.logs.filter(({ msg }) => msg === 'request');
  expect(lines).toMatchObject([{ status: 401 }]);
});

test('an expectation that nobody knows is as good as none', async () => {
  const answer = await sendRaw(
    service,
    'GET /healthz HTTP/1.1\r\nHost: x\r\nExpect: a miracle\r\nConnection: close\r\n\r\n',
  );
  expect(answer).toContain('{"status":"ok"}');
});

test('a connection that asks no more is let go', async () => {
  const socket = open(service);
  socket.write('GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n');
  expect(await received(socket)).toContain('{"status":"ok"}');
});

describe.each(faces)('over $face', ({ path, body, codeOf }) => {
  test('a body that is nested too deeply is refused', async () => {
    const nested = JSON.parse(`${'['.repeat(20)}${']'.repeat(20)}`);
    const reply = await service.post(path, body({ name: nested }));
    expect([reply.status, codeOf(reply)]).toEqual([400, 'MALFORMED_JSON']);
  });

  test('a body that is compressed is refused, saying that it must not be', async () => {
    const bytes = gzipSync(JSON.stringify(body({ name: 'Acme' })));
    const headers = { 'Content-Encoding': 'gzip' };
    const reply = await service.send(path, new Uint8Array(bytes), { headers });
    expect([reply.status, codeOf(reply)]).toEqual([415, 'UNSUPPORTED_MEDIA_TYPE']);
    expect(reply.headers.get('accept-encoding')).toBe('identity');

    const plain = { headers: { 'Content-Encoding': 'identity' } };
    expect(codeOf(await service.post(path, body({ name: 'Acme' }), plain))).toBeUndefined();
  });

  test('an object of very many fields is refused at once', async () => {
    const fields = Object.fromEntries(Array.from({ length: 50_000 }, (_, n) => [`f${n}`, n]));
    const reply = await service.post(path, body({ name: 'Acme', ...fields }));
    expect([reply.status, codeOf(reply)]).toEqual([400, 'MALFORMED_JSON']);
  });

  test('a list of very many items is refused at once', async () => {
    const reply = await service.post(path, body({ name: Array(10_000).fill('Acme') }));
    expect([reply.status, codeOf(reply)]).toEqual([400, 'MALFORMED_JSON']);
  });

  test('brackets inside of texts are no nesting', async () => {
    const reply = await service.post(path, body({ name: `\\"${'[{,'.repeat(80)}\\` }));
    expect(reply.status).toBeLessThan(300);
    expect(codeOf(reply)).toBeUndefined();
  });

  test('each reply says how many requests are left, and one too many is answered 429', async () => {
    const limited = await Service.start({ RATE_LIMIT: '3' });
    const create = (options?: SendOptions) => limited.post(path, body({ name: 'Acme' }), options);
    for (const left of [2, 1, 0]) {
      const { headers, status } = await create();
      expect(status).toBeLessThan(300);
      expect(headers.get('ratelimit-policy')).toBe('"requests";q=3;w=60');
      expect(headers.get('ratelimit')).toMatch(new RegExp(`^"requests";r=${left};t=\\d+$`));
    }
    const refused = await create();
    expect([refused.status, codeOf(refused)]).toEqual([429, 'RATE_LIMITED']);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await limited.rows('select * from customers')).toHaveLength(3);

    const token = await limited.issueToken();
    expect((await create({ token })).status).toBeLessThan(300);
    await limited.destroy();
  });

  test('wrong tokens are counted by where they come from', async () => {
    const limited = await Service.start({ RATE_LIMIT: '2' });
    const guess = async () => (await limited.post(path, {}, { token: 'clientele_guess' })).status;
    expect([await guess(), await guess(), await guess()]).toEqual([401, 401, 429]);
    expect((await limited.get('/corporations')).status).toBe(200);
    await limited.destroy();
  });

  test('with RATE_LIMIT=off nothing is counted', async () => {
    const unlimited = await Service.start({ RATE_LIMIT: 'off' });
    const { headers } = await unlimited.post(path, body({ name: 'Acme' }));
    expect(headers.get('ratelimit')).toBeNull();
    await unlimited.destroy();
  });

  test('requests beyond what can be worked on are answered 503 at once, and nothing is written', async () => {
    const busy = await Service.start({ CONCURRENCY_LIMIT: '2' });
    const create = (name: string) => busy.post(path, body({ name }));
    // Two of them wait for the lock, which leaves no place for the others.
    const letGo = await busy.holdWrites();
    const replies: Reply[] = [];
    const creates = Array.from({ length: 5 }, async (_, n) => {
      replies.push(await create(`Acme ${n}`));
    });
    await vi.waitUntil(() => replies.length === 3);
    for (const refused of replies) {
      expect([refused.status, codeOf(refused)]).toEqual([503, 'UNAVAILABLE']);
      expect(refused.headers.get('retry-after')).toBe('1');
    }
    for (const probe of ['/healthz', '/healthz/', '/readyz?from=probe']) {
      expect((await busy.get(probe)).status).toBe(200);
    }
    await letGo();

    await Promise.all(creates);
    expect(await busy.rows('select * from customers')).toHaveLength(2);
    expect((await create('Acme again')).status).toBeLessThan(300);
    expect(busy.logs.filter(({ msg }) => msg === 'request failed')).toEqual([]);
    await busy.destroy();
  });
});

test.runIf(storageKind === 'sqlite')(
  'an answer may take longer than a request may take to come in',
  async () => {
    const letGo = await service.holdWrites();
    onTestFinished(letGo);
    const body = { corporation_id: 'corp_123', name: 'Acme' };
    expect(await service.post('/customers', body)).toMatchObject({
      status: 503,
      body: { code: 'UNAVAILABLE' },
    });
  },
);

test('slow senders keep nobody out', async () => {
  const busy = await Service.start({ CONCURRENCY_LIMIT: '1' });
  const slow = Array.from({ length: 5 }, () => open(busy));
  for (const socket of slow) {
    socket.write('POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n');
    socket.write('Content-Length: 100\r\n\r\n{');
  }
  expect((await busy.get('/corporations')).status).toBe(200);
  for (const socket of slow) socket.destroy();
  await busy.destroy();
});

test('a connection beyond the limit is closed', async () => {
  const small = await Service.start({ CONNECTION_LIMIT: '1' });
  const first = open(small);
  first.write('GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n');
  await once(first, 'data');
  expect(await sendRaw(small, 'GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n')).toBe('');
  first.destroy();
  await small.destroy();
});

test('of very many mistakes the first hundred are told', async () => {
  const unknown = Object.fromEntries(Array.from({ length: 60 }, (_, n) => [`f${n}`, n]));
  const { status, body } = await service.post('/customers', {
    ...unknown,
    shipping_address: unknown,
  });
  expect(status).toBe(400);
  expect(body.message).toBe('100 or more fields are invalid.');
  expect(body.errors).toHaveLength(100);
});

test.skipIf(!existsSync('/proc/self/fd'))(
  'files that were asked for and never read are closed',
  async () => {
    const path = createAssets().pathOf('redoc.js');
    const openFiles = () =>
      readdirSync('/proc/self/fd').flatMap((fd) => {
        try {
          return readlinkSync(`/proc/self/fd/${fd}`).includes('/assets/') ? [fd] : [];
        } catch {
          return [];
        }
      });
    const socket = open(service);
    socket.write(`GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`.repeat(100));
    await once(socket, 'data');
    socket.destroy();
    await expect.poll(openFiles).toEqual([]);
    expect((await service.get(path)).status).toBe(200);
    expect(openFiles()).toEqual([]);
  },
);

test('requests that were pipelined and never read take nobody a place', async () => {
  const busy = await Service.start({ CONCURRENCY_LIMIT: '2' });
  const asset = createAssets().pathOf('graphiql.js');
  const body = JSON.stringify({ query: '{ __typename }' });
  const request = `POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
  for (let n = 0; n < 3; n++) {
    const socket = open(busy).pause();
    socket.write(`GET ${asset} HTTP/1.1\r\nHost: x\r\n\r\n`.repeat(5));
    socket.write(request.repeat(20));
    await vi.waitUntil(() => busy.logs.filter(({ route }) => route === '/graphql').length > n * 20);
    socket.resetAndDestroy();
  }
  const replies = await Promise.all([1, 2].map(() => busy.graphql('{ __typename }')));
  expect(replies.map(({ status }) => status)).toEqual([200, 200]);
  await busy.destroy();
});

test('a body in very many pieces is put together', async () => {
  const json = JSON.stringify({ corporation_id: 'corp_123', name: `Acme ${'é'.repeat(100)}` });
  const pieces = [...Buffer.from(json)].map((byte) => `1\r\n${String.fromCharCode(byte)}\r\n`);
  const socket = open(service);
  socket.write(
    `POST /customers HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${service.firstToken}\r\n` +
      'Content-Type: application/json\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n',
  );
  socket.write(Buffer.from(`${pieces.join('')}0\r\n\r\n`, 'latin1'));
  const answer = await received(socket);
  expect(answer).toMatch(/^HTTP\/1.1 201 /);
  expect(answer).toContain('é'.repeat(100));
});
