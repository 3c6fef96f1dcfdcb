import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { createCustomer, createCustomers } from '../support/faces.js';
import {
  document,
  type GraphqlRequest,
  heavyDocument,
  isValid,
  knownDocument,
  mutatedDocument,
  oddlyFilledDocument,
} from './documents.js';
import { mutate, tape } from './tape.js';
import {
  asGraphql,
  asRest,
  corporationId,
  corporationIds,
  customerId,
  externalId,
  fineCustomer,
  fineFields,
  idempotencyKey,
  oddCustomer,
  oddFields,
  oddJson,
  text,
  writeObject,
} from './values.js';

/** Stands for a token, and has the length of one. */
export const tokenPlaceholder = `clientele_${'T'.repeat(48)}`;

/** The name of the customers that a request brings along which must not be taken for one. */
export const smuggled = 'Smuggled Customer';

/** What is sent: the bytes of one request, or of what may be one, several or none. */
export class Attempt {
  constructor(
    readonly kind: string,
    /** A character for each byte. */
    readonly bytes: string,
    readonly options: {
      isRaw?: boolean;
      isHead?: boolean;
      /** It is a document with which nothing is wrong, beside that it may ask for too much. */
      isValid?: boolean;
    } = {},
  ) {}

  /** How a failure shows it. */
  [fc.toStringMethod](): string {
    return `${this.kind}: ${JSON.stringify(this.bytes)}`;
  }
}

type Parts = {
  method: string;
  target: string;
  headers?: Record<string, string>;
  body?: string | Buffer;
  isValid?: boolean;
};

const defaultHeaders = { Host: 'localhost', Authorization: `Bearer ${tokenPlaceholder}` };

/** The bytes of a request that is well-framed, whatever is in it. */
function frame({ method, target, headers = {}, body }: Parts): string {
  const bytes = body === undefined ? null : Buffer.from(body as string).toString('latin1');
  const all: Record<string, string> = {
    ...defaultHeaders,
    ...(bytes !== null && {
      'Content-Type': 'application/json',
      'Content-Length': String(bytes.length),
    }),
    ...headers,
  };
  const isChunked = all['Transfer-Encoding'] === 'chunked';
  if (isChunked) delete all['Content-Length'];
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  const head = `${method} ${target} HTTP/1.1\r\n${lines.join('')}\r\n`;
  return head + (isChunked ? inChunks(bytes ?? '') : (bytes ?? ''));
}

function inChunks(bytes: string): string {
  const half = Math.ceil(bytes.length / 2);
  const chunks = [bytes.slice(0, half), bytes.slice(half)].filter((chunk) => chunk !== '');
  return `${chunks.map((chunk) => `${chunk.length.toString(16)}\r\n${chunk}\r\n`).join('')}0\r\n\r\n`;
}

function attempt(kind: string, parts: fc.Arbitrary<Parts>): fc.Arbitrary<Attempt> {
  return fc.tuple(parts, oddHeaders).map(([one, odd]) => {
    const request = { ...one, headers: { ...one.headers, ...odd } };
    const { method, isValid = false } = request;
    return new Attempt(kind, frame(request), { isHead: method === 'HEAD', isValid });
  });
}

const visible = /^[\x20-\x7e\x80-\xff]*$/;
const headerText = text
  .map((value) => Buffer.from(value).toString('latin1'))
  .filter((value) => visible.test(value));

const oddHeader: fc.Arbitrary<[name: string, value: string]> = fc.oneof(
  fc.tuple(
    fc.constant('If-Match'),
    fc.oneof(
      fc.constantFrom('*', '"1"', '"2", "3"', 'W/"1"', '1', '""', ', ,', '"99999999999999999"'),
      headerText,
    ),
  ),
  fc.tuple(
    fc.constant('If-None-Match'),
    fc.oneof(fc.constantFrom('*', '"1"', 'W/"1"'), headerText),
  ),
  fc.tuple(fc.constant('Idempotency-Key'), fc.oneof(idempotencyKey, headerText)),
  fc.tuple(
    fc.constant('Authorization'),
    fc.oneof(
      fc.constantFrom('', 'Bearer', 'Bearer ', 'bearer  x  ', 'Basic YTpi', 'Bearer a b', '\xff'),
      fc.constant(`Bearer ${'x'.repeat(7000)}`),
      headerText,
    ),
  ),
  fc.tuple(
    fc.constant('Content-Type'),
    fc.oneof(
      fc.constantFrom(
        ...[
          'application/json; charset=utf-16',
          'application/json;',
          'application/merge-patch+json',
        ],
        ...['text/plain', 'application/graphql', 'multipart/form-data; boundary=x', '', ';', '/'],
        ...['application/json; charset="', 'application/x-www-form-urlencoded', 'APPLICATION/JSON'],
      ),
      headerText,
    ),
  ),
  fc.tuple(
    fc.constant('Accept'),
    fc.constantFrom('*/*', 'text/html', 'application/graphql-response+json', 'a/b;q=x', '', ';'),
  ),
  fc.tuple(fc.constant('Content-Encoding'), fc.constantFrom('gzip', 'br', 'identity', 'x')),
  fc.tuple(fc.constant('Transfer-Encoding'), fc.constant('chunked')),
  fc.tuple(fc.constant('X-Request-Id'), fc.oneof(headerText, fc.constant('id_1'))),
  fc.tuple(fc.constant('Origin'), fc.constantFrom('null', 'https://evil.example')),
  fc.tuple(fc.constant('Connection'), fc.constantFrom('close', 'upgrade', 'x')),
  fc.tuple(fc.constant('Upgrade'), fc.constantFrom('websocket', 'h2c')),
  fc.tuple(fc.constant('Expect'), fc.constant('100-continue')),
  fc.tuple(
    fc.constant('Host'),
    fc.constantFrom('', 'a b', 'evil.example', '[::1', 'x:99999', 'localhost/../', '\xe4'),
  ),
  fc.tuple(fc.constantFrom('Cookie', 'X-Forwarded-For', '__proto__', 'constructor'), headerText),
);

const oddHeaders: fc.Arbitrary<Record<string, string>> = fc.oneof(
  { weight: 4, arbitrary: fc.constant({}) },
  { weight: 1, arbitrary: fc.array(oddHeader, { minLength: 1, maxLength: 3 }).map(headersOf) },
);

function headersOf(pairs: [string, string][]): Record<string, string> {
  // A list, for `__proto__` would be lost by assignment.
  return Object.fromEntries(pairs);
}

const keyed: fc.Arbitrary<Record<string, string>> = fc.oneof(
  { weight: 3, arbitrary: fc.constant({}) },
  { weight: 1, arbitrary: idempotencyKey.map((key) => ({ 'Idempotency-Key': key })) },
);

const versions: fc.Arbitrary<Record<string, string>> = fc.oneof(
  fc.constant({}),
  fc.nat({ max: 4 }).map((version) => ({ 'If-Match': `"${version}"` })),
  fc.constantFrom<Record<string, string>>({ 'If-Match': '*' }, { 'If-None-Match': '*' }),
);

const prefix = fc.constantFrom('', '/api/v1');
const encoded = (value: string) => encodeURIComponent(Buffer.from(value).toString());

const restCreate = fc.tuple(prefix, fineCustomer(asRest), keyed).map(([at, members, headers]) => ({
  method: 'POST',
  target: `${at}/customers`,
  headers,
  body: writeObject(members),
}));

const restOddCreate = fc
  .tuple(
    prefix,
    fc.oneof(
      oddCustomer(asRest).map((members) => writeObject(members)),
      oddJson,
    ),
    keyed,
  )
  .map(([at, body, headers]) => ({ method: 'POST', target: `${at}/customers`, headers, body }));

const items = (fine: fc.Arbitrary<string>, odd: fc.Arbitrary<string>) =>
  fc.oneof(
    { weight: 20, arbitrary: fc.array(fc.oneof(fine, fine, odd), { maxLength: 8 }) },
    {
      weight: 1,
      arbitrary: fc
        .tuple(fc.constantFrom(100, 500, 501), fc.oneof(fine, odd))
        .map(([count, item]) => Array<string>(count).fill(item)),
    },
  );

const restBulk = fc
  .tuple(
    items(
      fineCustomer(asRest).map((members) => writeObject(members)),
      fc.oneof(
        oddCustomer(asRest).map((members) => writeObject(members)),
        oddJson,
      ),
    ),
    keyed,
  )
  .map(([list, headers]) => ({
    method: 'POST',
    target: '/customers/bulk',
    headers,
    body: `{"customers":[${list.join()}]}`,
  }));

const restUpsert = fc
  .tuple(
    fc.oneof(
      { weight: 3, arbitrary: fineFields(asRest) },
      { weight: 1, arbitrary: oddFields(asRest) },
    ),
    corporationId,
    fc.oneof(externalId, externalId, text),
    versions,
    keyed,
  )
  .map(([members, corporation, external, ifMatch, key]) => ({
    method: 'PUT',
    target: `/customers?corporation_id=${encoded(corporation)}&external_id=${encoded(external)}`,
    headers: { ...ifMatch, ...key },
    body: writeObject(members),
  }));

const restUpdate = fc
  .tuple(
    fc.constantFrom('PATCH', 'POST'),
    customerId,
    fc.oneof(
      fc.tuple(fineFields(asRest), externalId).map(([members]) => writeObject(members)),
      oddFields(asRest).map((members) => writeObject(members)),
      oddJson,
    ),
    versions,
    keyed,
  )
  .map(([method, id, body, ifMatch, key]) => ({
    method,
    target: `/customers/${encoded(id)}`,
    headers: { ...ifMatch, ...key },
    body,
  }));

const restDelete = fc.tuple(customerId, versions, keyed).map(([id, ifMatch, key]) => ({
  method: 'DELETE',
  target: `/customers/${encoded(id)}`,
  headers: { ...ifMatch, ...key },
}));

const restRead = fc
  .tuple(fc.constantFrom('GET', 'HEAD'), prefix, fc.oneof(customerId, corporationId), versions)
  .map(([method, at, id, headers]) => ({
    method,
    target: `${at}/${id.startsWith('corp') ? 'corporations' : 'customers'}/${encoded(id)}`,
    headers,
  }));

const parameter = fc.tuple(
  fc.constantFrom(
    ...['limit', 'cursor', 'name', 'search_term', 'email', 'external_id', 'source_platforms'],
    ...['source_platform_ids', 'corporation_id', '__proto__', 'constructor', 'filter', '', 'first'],
  ),
  fc.oneof(
    fc.constantFrom(
      '1',
      '100',
      '0',
      '-1',
      '101',
      '1e3',
      'NaN',
      'acme',
      'ext_1',
      'a,b,,c',
      ',',
      '%',
    ),
    fc.constantFrom('%zz', '%c3', '%00', '%ed%a0%80', '+', '[]', 'WyJjdXN0XyJd', 'IiI', 'null'),
    text.map(encoded),
  ),
);

const restList = fc
  .tuple(
    fc.constantFrom('/customers', '/corporations', '/api/v1/customers'),
    fc.option(corporationId, { freq: 8 }),
    fc.array(parameter, { maxLength: 4 }),
  )
  .map(([path, corporation, parameters]) => {
    const given = parameters.map(([name, value]) => `${name}=${value}`);
    if (corporation && path.endsWith('customers'))
      given.push(`corporation_id=${encoded(corporation)}`);
    return { method: 'GET', target: `${path}?${given.join('&')}` };
  });

const restCorporation = fc
  .tuple(fc.oneof(text, fc.constant('Globex')), fc.constantFrom('US', 'de', 'XX', '', 'ß'), keyed)
  .map(([name, jurisdiction, headers]) => ({
    method: 'POST',
    target: '/corporations',
    headers,
    body: JSON.stringify({ legal_name: name, jurisdiction }),
  }));

const paths = [
  ...['/', '/healthz', '/readyz', '/docs', '/openapi.json', '/schema.graphql', '/graphql'],
  ...['/graphql/', '/graphiql', '/graphiql/x.js'],
  ...['/assets/x.js', '/assets/..%2fmanifest.json', '/assets/'],
  ...[
    '/customers',
    '/customers/',
    '/customers/bulk',
    '/customers/bulk/x',
    '/corporations',
    '/api/v1',
  ],
  ...[
    '/customers/%',
    '/customers/%zz',
    '/customers/%c3%28',
    '/customers/%00',
    '/customers/..%2f..',
  ],
  ...[
    '//customers',
    '/../../etc/passwd',
    '/customers/../corporations',
    '/.git/config',
    '/customers;x',
  ],
  ...['/customers/a/b/c', '/%63ustomers', '/CUSTOMERS', '/__proto__', '/constructor', '?', '/?/?'],
  ...[
    '*',
    'http://evil.example/customers',
    'http://',
    'customers',
    '/customers#x',
    '/a\xffb',
    '/\xc3\xa4',
  ],
  ...[
    `/${'a'.repeat(9000)}`,
    `/customers/${'%41'.repeat(3000)}`,
    `/customers?${'a=1&'.repeat(3000)}`,
  ],
  `/customers/${'../'.repeat(2000)}`,
];
const methods = [
  ...['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS', 'TRACE', 'PROPFIND', 'QUERY'],
  ...['M-SEARCH', 'PURGE', 'LOCK', 'SOURCE'],
];

const anyPath = fc
  .tuple(fc.constantFrom(...methods), fc.constantFrom(...paths), fc.option(oddJson, { freq: 3 }))
  .map(([method, target, body]) => ({
    method,
    target,
    ...(body !== null && method !== 'HEAD' && { body }),
  }));

const oddBytes: fc.Arbitrary<Buffer> = fc
  .tuple(
    fc.oneof(
      fineCustomer(asRest).map((members) => writeObject(members)),
      knownDocument.map((request) => JSON.stringify(request)),
    ),
    fc.constantFrom(
      'utf16le',
      'gzip',
      'bom',
      'latin1',
      'surrogate',
      'overlong',
      'cut',
      'twice',
      'nul',
    ),
  )
  .map(([json, how]) => {
    switch (how) {
      case 'utf16le':
        return Buffer.from(`\ufeff${json}`, 'utf16le');
      case 'gzip':
        return gzipSync(json);
      case 'bom':
        return Buffer.from(`\ufeff${json}`);
      case 'latin1':
        return Buffer.from(json.replace('"', '"\xe4'), 'latin1');
      case 'surrogate':
        return Buffer.from(json.replace('"', '"\xed\xa0\x80'), 'latin1');
      case 'overlong':
        return Buffer.from(json.replace('"', '"\xc0\xaf'), 'latin1');
      case 'cut':
        return Buffer.from(json.slice(0, -1));
      case 'twice':
        return Buffer.from(json + json);
      default:
        return Buffer.from(`${json}\0`);
    }
  });

const faces = fc.constantFrom('/customers', '/graphql', '/customers/bulk');

const oddBody = fc
  .tuple(
    faces,
    fc.oneof(
      oddBytes,
      fc.uint8Array({ maxLength: 50 }).map((bytes) => Buffer.from(bytes)),
    ),
  )
  .map(([target, body]) => ({ method: 'POST', target, body }));

const mutatedBody = fc
  .tuple(
    fc.oneof(
      fc.tuple(
        fc.constant('/customers'),
        oddCustomer(asRest).map((members) => writeObject(members)),
      ),
      fc.tuple(
        fc.constant('/graphql'),
        knownDocument.map((request) => JSON.stringify(request)),
      ),
    ),
    tape,
  )
  .map(([[target, json], mutation]) => ({ method: 'POST', target, body: mutate(json, mutation) }));

const manyMembers = (count: number) => Array.from({ length: count }, (_, n) => `"f${n}":1`).join();

/** A create whose input is of the type, and is given as written. */
const filled = (type: string, json: string) => {
  const verb = type.startsWith('[') ? 'createCustomers(inputs: $f)' : 'createCustomer(input: $f)';
  return `{"query":"mutation ($f: ${type}) { ${verb} { __typename } }","variables":{"f":${json}}}`;
};

const largeBody = fc
  .tuple(
    faces,
    fc.constantFrom(
      () => ' '.repeat(1_048_577),
      () => `{"name":"${'x'.repeat(1_000_000)}"}`,
      () => `{"query":"{ __typename } #${'x'.repeat(900_000)}"}`,
      () => `{${manyMembers(80_000)}}`,
      () => `{"customers":[${'{},'.repeat(300_000)}{}]}`,
      () =>
        `{"query":"query($f:[ID!]!){nodes(ids:$f){id}}","variables":{"f":[${'"",'.repeat(200_000)}""]}}`,
      () => filled('CreateCustomerInput!', `{${manyMembers(80_000)}}`),
      () => filled('CreateCustomerInput!', `{"name":"${'x'.repeat(900_000)}",${manyMembers(60)}}`),
      () => filled('[CreateCustomerInput!]!', `[${'{},'.repeat(200_000)}{}]`),
      () => '['.repeat(1_000_000),
      () => `{"a":${'1'.repeat(1_000_000)}}`,
      () => `{"name":"${'\\ud800'.repeat(150_000)}"}`,
      () => `{"email":"${'a'.repeat(500_000)}@${'a.'.repeat(200_000)}"}`,
      () => `{"email":"${'a.'.repeat(120)}@${'-'.repeat(10)}"}`,
    ),
  )
  .map(([target, body]) => ({ method: 'POST', target, body: body() }));

const graphql = (request: fc.Arbitrary<GraphqlRequest>): fc.Arbitrary<Parts> =>
  request.map((one) => ({ method: 'POST', target: '/graphql', body: JSON.stringify(one) }));

const validDocument = (request: fc.Arbitrary<GraphqlRequest>): fc.Arbitrary<Parts> =>
  request.map((one) => ({
    method: 'POST',
    target: '/graphql',
    body: JSON.stringify(one),
    isValid: isValid(one),
  }));

const graphqlCreate = (customer: fc.Arbitrary<string>) =>
  customer.map((input) => ({
    method: 'POST',
    target: '/graphql',
    body: `{"query":${JSON.stringify(createCustomer)},"variables":{"input":${input}}}`,
  }));

const fineInput = fc
  .tuple(fineCustomer(asGraphql), fc.option(idempotencyKey, { freq: 2 }))
  .map(([members, key]) =>
    writeObject(key ? [...members, ['idempotencyKey', JSON.stringify(key)]] : members, asGraphql),
  );
const oddInput = fc.oneof(
  oddCustomer(asGraphql).map((members) => writeObject(members, asGraphql)),
  oddJson,
);

const graphqlBulk = items(fineInput, oddInput).map((list) => ({
  method: 'POST',
  target: '/graphql',
  body: `{"query":${JSON.stringify(createCustomers)},"variables":{"inputs":[${list.join()}]}}`,
}));

const graphqlGet = fc
  .tuple(
    fc.oneof(document, knownDocument, mutatedDocument),
    fc.oneof(fc.constant(null), oddJson),
    oddJson,
  )
  .map(([request, variables, extensions]) => {
    const query = new URLSearchParams({ query: request.query });
    query.set('variables', variables ?? JSON.stringify(request.variables));
    if (request.operationName) query.set('operationName', request.operationName);
    if (variables) query.set('extensions', extensions);
    return { method: 'GET', target: `/graphql?${query}`.slice(0, 12_000) };
  });

/** What is no GraphQL request, or one of several. */
const graphqlBody = fc
  .tuple(fc.oneof(document, knownDocument), oddJson, fc.constantFrom(0, 1, 2, 3, 4, 5, 6, 7, 8))
  .map(([request, odd, how]) => {
    const whole = JSON.stringify(request);
    const sha256Hash = createHash('sha256').update(request.query).digest('hex');
    const extensions = { persistedQuery: { version: 1, sha256Hash } };
    const bodies = [
      `[${whole},${whole}]`,
      odd,
      `{"query":${odd}}`,
      `{"query":"{ __typename }","variables":${odd}}`,
      `{"query":"{ __typename }","operationName":${odd},"extensions":${odd}}`,
      `{"query":"{ __typename }","query":${JSON.stringify(request.query)},"__proto__":${odd}}`,
      `{"query":${odd},"extensions":{"persistedQuery":{"version":1,"sha256Hash":${odd}}}}`,
      JSON.stringify({ ...request, extensions }),
      JSON.stringify({ variables: request.variables, extensions }),
    ];
    return { method: 'POST', target: '/graphql', body: bodies[how] ?? '' };
  });

const victim = JSON.stringify({ corporation_id: corporationIds[0], name: smuggled });
const victimRequest = frame({ method: 'POST', target: '/customers', body: victim });
const head = `POST /customers HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${tokenPlaceholder}\r\nContent-Type: application/json\r\n`;

/** Each is ambiguous about where it ends, and brings another request along behind one of the ends. */
const smuggling = fc
  .tuple(
    fc.constantFrom(
      'Content-Length: 0\r\nContent-Length: @',
      'Content-Length: @\r\nContent-Length: 0',
      'Content-Length: 0, @',
      'Content-Length: 0\r\nTransfer-Encoding: chunked',
      'Transfer-Encoding: chunked\r\nContent-Length: @',
      'Transfer-Encoding: xchunked',
      'Transfer-Encoding: chunked, identity',
      'Transfer-Encoding: identity, chunked, chunked',
      'Transfer-Encoding : chunked\r\nContent-Length: @',
      'Transfer-Encoding:\x0bchunked\r\nContent-Length: @',
      'Content-Length : 0',
      'Content-Length: +0',
      'Content-Length: 0x0',
      'Content-Length: -1',
      'Content-Length: 99999999999999999999',
      'X: y\r\n Content-Length: 0',
      'X: y\n\nContent-Length: 0',
      'X: y\rContent-Length: 0',
      'X\0: y\r\nContent-Length: 0',
      ': y\r\nContent-Length: 0',
      'Content Length: 0',
    ),
    fc.constantFrom(
      '0\r\n\r\n',
      '',
      '0\n\n',
      '0 ;x\r\n\r\n',
      '0\r\nX: y\n\n',
      'ffffffffffffffffff\r\n',
    ),
  )
  .map(([headers, end]) => {
    const body = end + victimRequest;
    const text = `${head}${headers.replaceAll('@', String(body.length))}\r\n\r\n${body}`;
    return new Attempt('smuggling', text, { isRaw: true });
  });

const fineBody = JSON.stringify({ corporation_id: corporationIds[0], name: 'Acme Corporation' });
const chunk = `${fineBody.length.toString(16)}`;

/** Framing that is rare, wrong, or not there to its end. */
const oddFraming = fc
  .constantFrom(
    `${head}Transfer-Encoding: chunked\r\n\r\n${chunk};a=b;c="d"\r\n${fineBody}\r\n0\r\nX-Trailer: y\r\n\r\n`,
    `${head}Transfer-Encoding: chunked\r\n\r\n${chunk};${'x'.repeat(20_000)}\r\n${fineBody}\r\n0\r\n\r\n`,
    `${head}Transfer-Encoding: chunked\r\n\r\n${chunk}\n${fineBody}\n0\n\n`,
    `${head}Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n`,
    `${head}Transfer-Encoding: chunked\r\n\r\n-1\r\n{}\r\n0\r\n\r\n`,
    `${head}Content-Length: 100\r\n\r\n{`,
    `${head}Content-Length: 1\r\n\r\n${fineBody}`,
    `${head}Content-Length: ${fineBody.length}\r\n\r\n${fineBody}`.repeat(5),
    `${head}Content-Length: ${fineBody.length}\r\n\r\n${fineBody}`.replaceAll('\r\n', '\n'),
    `${head}Content-Length: ${fineBody.length}\r\nConnection: close\r\n\r\n${fineBody}${fineBody}`,
    `${head}Expect: 100-continue\r\nContent-Length: ${fineBody.length}\r\n\r\n${fineBody}`,
    `\r\n\r\n${head}Content-Length: 2\r\n\r\n{}`,
    `${head}${'X: y\r\n'.repeat(3000)}\r\n`,
    `${head}X: ${'y'.repeat(100_000)}\r\n\r\n`,
    `GET /customers HTTP/0.9\r\n\r\n`,
    `GET /healthz HTTP/1.0\r\n\r\n`,
    `GET /healthz HTTP/2.0\r\nHost: x\r\n\r\n`,
    `GET /healthz\r\n`,
    `GET  /healthz  HTTP/1.1\r\nHost: x\r\n\r\n`,
    `GET /healthz HTTP/1.1\r\n\r\n`,
    `GET /healthz HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n`,
    `get /healthz HTTP/1.1\r\nHost: x\r\n\r\n`,
    `CONNECT evil.example:443 HTTP/1.1\r\nHost: x\r\n\r\n`,
    `PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n`,
    `GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n\x81\x00`,
    `\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03`,
    `\0`,
    '',
  )
  .map((text) => new Attempt('odd framing', text, { isRaw: true }));

const mutatedRequest = fc
  .tuple(
    fc.oneof<fc.Arbitrary<Parts>[]>(restCreate, restUpdate, restList, graphql(knownDocument)),
    oddHeaders,
    tape,
  )
  .map(([parts, headers, mutation]) => {
    const whole = frame({ ...parts, headers: { ...parts.headers, ...headers } });
    return new Attempt('mutated HTTP', mutate(whole, mutation), { isRaw: true });
  });

const kinds: [weight: number, fc.Arbitrary<Attempt>][] = [
  [8, attempt('REST create', restCreate)],
  [8, attempt('REST create, odd', restOddCreate)],
  [3, attempt('REST bulk', restBulk)],
  [6, attempt('REST upsert', restUpsert)],
  [6, attempt('REST update', restUpdate)],
  [1, attempt('REST delete', restDelete)],
  [4, attempt('REST read', restRead)],
  [6, attempt('REST list', restList)],
  [1, attempt('REST corporation', restCorporation)],
  [6, attempt('any method and path', anyPath)],
  [4, attempt('odd bytes', oddBody)],
  [4, attempt('mutated body', mutatedBody)],
  [8, attempt('GraphQL create', graphqlCreate(fineInput))],
  [6, attempt('GraphQL create, odd', graphqlCreate(oddInput))],
  [2, attempt('GraphQL bulk', graphqlBulk)],
  [12, attempt('GraphQL document', validDocument(document))],
  [8, attempt('GraphQL document, repeated', validDocument(knownDocument))],
  [6, attempt('GraphQL document, mutated', graphql(mutatedDocument))],
  [6, attempt('GraphQL document, odd variables', graphql(oddlyFilledDocument))],
  [1, attempt('GraphQL document, heavy', graphql(heavyDocument))],
  [5, attempt('GraphQL over GET', graphqlGet)],
  [4, attempt('GraphQL body, odd', graphqlBody)],
  [5, smuggling],
  [3, oddFraming],
  [5, mutatedRequest],
];

export const anyAttempt: fc.Arbitrary<Attempt> = fc.oneof(
  ...kinds.map(([weight, arbitrary]) => ({ weight: 10 * weight, arbitrary })),
  { weight: 3, arbitrary: attempt('large body', largeBody) },
);
