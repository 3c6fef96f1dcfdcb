import { serverAudits } from 'graphql-http';
import { describe, expect, test } from 'vitest';
import { createCustomer, ofPage } from './support/faces.js';
import { Service, useService } from './support/service.js';

describe.each([
  ['a program', {}],
  ['a page', ofPage],
])('GraphQL over HTTP from %s', (_, ofSender) => {
  const service = useService();

  const audits = serverAudits({
    url: () => `${service.current.url}/graphql`,
    fetchFn: (url: string, { headers, ...init }: RequestInit = {}) =>
      fetch(url, { ...init, headers: { ...ofSender, ...(headers as Record<string, string>) } }),
  });

  test('has 61 audits', () => expect(audits).toHaveLength(61));

  test.each(audits.map((audit) => [audit.id, audit.name, audit] as const))(
    '%s %s',
    async (_id, _name, audit) => {
      const result = await audit.fn();
      expect(result).toMatchObject({ status: 'ok' });
    },
  );
});

describe('createCustomer', () => {
  const service = useService();

  test('answers every field of the customer', async () => {
    const corporationId = await service.current.newCorporation();
    const input = {
      corporationId,
      name: 'Acme Corporation',
      email: 'contact@acme.com',
      externalId: 'ext_456',
      shippingAddress: {
        line1: '123 Main St',
        line2: 'Suite 100',
        city: 'San Francisco',
        state: 'CA',
        postalCode: '94105',
        country: 'US',
      },
      sourcePlatform: 'shopify',
      sourcePlatformId: '7',
    };

    const { status, body } = await service.current.graphql(createCustomer, { input });

    expect(status).toBe(200);
    const { customer } = body.data.createCustomer;
    expect(body).toEqual({
      data: {
        createCustomer: {
          __typename: 'CreateCustomerSuccess',
          replayed: false,
          customer: {
            ...input,
            id: expect.stringMatching(/^cust_[0-9a-z]{26}$/),
            version: 1,
            createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
            updatedAt: customer.createdAt,
          },
        },
      },
    });
  });

  test('a conflict carries the customer that has the external id', async () => {
    const corporationId = await service.current.newCorporation();
    const input = { corporationId, name: 'Acme', externalId: 'ext_456' };
    const first = await service.current.graphql(createCustomer, { input });

    const { body } = await service.current.graphql(createCustomer, {
      input: { ...input, name: 'Globex' },
    });

    expect(body.data.createCustomer).toEqual({
      __typename: 'ConflictError',
      code: 'CONFLICT',
      message: 'Another customer of this corporation already has this external id.',
      path: ['input', 'externalId'],
      existing: first.body.data.createCustomer.customer,
    });
  });

  test('several in one request are each answered on their own', async () => {
    const corporationId = await service.current.newCorporation();
    const mutation = /* GraphQL */ `
      mutation ($corporationId: ID!) {
        a: createCustomer(input: { corporationId: $corporationId, name: "Acme", externalId: "1" }) { ...result }
        b: createCustomer(input: { corporationId: $corporationId, name: "Globex", externalId: "1" }) { ...result }
        c: createCustomer(input: { corporationId: $corporationId, name: "Initech" }) { ...result }
      }
      fragment result on CreateCustomerResult { __typename }
    `;
    const { body } = await service.current.graphql(mutation, { corporationId });
    expect(body.data).toEqual({
      a: { __typename: 'CreateCustomerSuccess' },
      b: { __typename: 'ConflictError' },
      c: { __typename: 'CreateCustomerSuccess' },
    });
  });
});

describe('createCorporation', () => {
  const service = useService();
  const mutation = /* GraphQL */ `
    mutation ($input: CreateCorporationInput!) {
      createCorporation(input: $input) {
        __typename
        ... on CreateCorporationSuccess { replayed corporation { id legalName jurisdiction createdAt } }
        ... on InvalidInputError { issues { path code } }
        ... on Error { code message }
      }
    }
  `;

  test('creates one', async () => {
    const { body } = await service.current.graphql(mutation, {
      input: { legalName: 'Globex', jurisdiction: 'de' },
    });
    expect(body.data.createCorporation).toMatchObject({
      __typename: 'CreateCorporationSuccess',
      replayed: false,
      corporation: { legalName: 'Globex', jurisdiction: 'DE' },
    });
  });

  test('finds everything wrong with one at once', async () => {
    const { body } = await service.current.graphql(mutation, {
      input: { legalName: ' ', jurisdiction: 'Utopia' },
    });
    expect(body.data.createCorporation).toMatchObject({
      code: 'INVALID_INPUT',
      issues: [
        { path: ['input', 'legalName'], code: 'TOO_SHORT' },
        { path: ['input', 'jurisdiction'], code: 'INVALID_COUNTRY' },
      ],
    });
  });
});

describe('reading', () => {
  const service = useService();
  const everyWay = /* GraphQL */ `
    query ($id: ID!, $corporationId: ID!, $externalId: String!) {
      customer(id: $id) { id corporation { id legalName } }
      customerByExternalId(corporationId: $corporationId, externalId: $externalId) { id }
      corporation(id: $corporationId) { id }
      node(id: $id) { __typename id ... on Customer { name } }
      nodes(ids: [$corporationId, "cust_none", $id, "nonsense"]) { __typename id }
    }
  `;

  test('finds a customer and its corporation every way there is', async () => {
    const corporationId = await service.current.newCorporation();
    const input = { corporationId, name: 'Acme', externalId: 'gid://app/Customer/1' };
    const created = await service.current.graphql(createCustomer, { input });
    const { id } = created.body.data.createCustomer.customer;

    const { body } = await service.current.graphql(everyWay, { ...input, id });

    expect(body).toEqual({
      data: {
        customer: { id, corporation: { id: corporationId, legalName: 'Test Corporation' } },
        customerByExternalId: { id },
        corporation: { id: corporationId },
        node: { __typename: 'Customer', id, name: 'Acme' },
        nodes: [
          { __typename: 'Corporation', id: corporationId },
          null,
          { __typename: 'Customer', id },
          null,
        ],
      },
    });
  });

  test('finds nothing out of the reach of the token', async () => {
    const corporationId = await service.current.newCorporation();
    const input = { corporationId, name: 'Acme', externalId: 'ext_1' };
    const created = await service.current.graphql(createCustomer, { input });
    const { id } = created.body.data.createCustomer.customer;
    const token = await service.current.issueToken({ corporationIds: ['corp_123'] });

    const { body } = await service.current.graphql(everyWay, { ...input, id }, { token });

    expect(body).toEqual({
      data: {
        customer: null,
        customerByExternalId: null,
        corporation: null,
        node: null,
        nodes: [null, null, null, null],
      },
    });
  });

  test('finds a corporation by an id that came from outside', async () => {
    const id = 'b6d009b0-d174-463f-b030-94643c28e209';
    await service.current.beside(({ corporations }) =>
      corporations.createWithId({ id, input: { legalName: 'By UUID', jurisdiction: 'DE' } }),
    );
    const { body } = await service.current.graphql(
      'query ($id: ID!) { node(id: $id) { __typename id } }',
      { id },
    );
    expect(body.data.node).toEqual({ __typename: 'Corporation', id });
  });
});

describe('errors that no caller of the operation caused', () => {
  const service = useService({ BODY_LIMIT: '2048' });
  const query = '{ customer(id: "cust_1") { id } }';

  test.each([
    ['customer', query],
    [
      'customerByExternalId',
      '{ customerByExternalId(corporationId: "a", externalId: "b") { id } }',
    ],
    ['corporation', '{ corporation(id: "corp_123") { id } }'],
    ['node', '{ node(id: "corp_123") { id } }'],
    ['nodes', '{ nodes(ids: ["corp_123"]) { id } }'],
    [
      'createCustomer',
      'mutation { createCustomer(input: { corporationId: "corp_123", name: "Acme" }) { __typename } }',
    ],
    [
      'createCorporation',
      'mutation { createCorporation(input: { legalName: "A", jurisdiction: "US" }) { __typename } }',
    ],
  ])('UNAUTHENTICATED for %s without a token', async (_, document) => {
    const { body } = await service.current.graphql(document, {}, { token: null });
    expect(body.errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
  });

  test('401 UNAUTHENTICATED for a token that is not good, whatever is asked', async () => {
    const reply = await service.current.graphql('{ __typename }', {}, { token: 'clientele_0' });
    expect(reply.status).toBe(401);
    expect(reply.headers.get('www-authenticate')).toBe('Bearer');
    expect(reply.body).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
  });

  test('the schema is there without a token', async () => {
    const { body } = await service.current.graphql(
      '{ __schema { types { name } } }',
      {},
      { token: null },
    );
    expect(body.data.__schema.types).toContainEqual({ name: 'Customer' });
  });

  test.each([
    ['GRAPHQL_PARSE_FAILED', '{ customer(', {}],
    ['GRAPHQL_VALIDATION_FAILED', '{ customer(id: 1) { nickname } }', {}],
    ['GRAPHQL_VALIDATION_FAILED', 'subscription { customer(id: "cust_1") { id } }', {}],
    ['BAD_USER_INPUT', 'query ($id: ID!) { customer(id: $id) { id } }', {}],
    ['BAD_USER_INPUT', 'query ($id: ID!) { customer(id: $id) { id } }', { id: {} }],
  ])('%s for %s with %j', async (code, document, variables) => {
    const first = await service.current.graphql(document, variables);
    const again = await service.current.graphql(document, variables);
    expect(first.body.errors[0].extensions).toEqual({ code });
    expect(again.body).toEqual(first.body);
  });

  test('half of a surrogate pair names nothing, and nothing else either', async () => {
    const corporationId = await service.current.newCorporation();
    const input = { corporationId, name: 'Acme', externalId: 'ab\ufffdcd' };
    await service.current.graphql(createCustomer, { input });
    const { body } = await service.current.graphql(
      `query ($id: ID!, $externalId: String!, $corporationId: ID!) {
        customer(id: $id) { id } corporation(id: $id) { id } node(id: $id) { id } nodes(ids: [$id]) { id }
        customerByExternalId(corporationId: $corporationId, externalId: $externalId) { id }
      }`,
      { id: 'cust_ab\ud800', corporationId, externalId: 'ab\udc00cd' },
    );
    expect(body).toEqual({
      data: {
        customer: null,
        corporation: null,
        node: null,
        nodes: [null],
        customerByExternalId: null,
      },
    });
  });

  test.each([
    ['application/graphql-response+json', 400],
    ['application/json', 200],
  ])('variables that keep all from running are answered as %s with %i', async (accept, status) => {
    const query = 'query ($id: ID!) { customer(id: $id) { id } }';
    const headers = { Accept: accept };
    const reply = await service.current.post('/graphql', { query }, { headers });
    expect(reply.status).toBe(status);
    expect(reply.headers.get('content-type')).toBe(`${accept}; charset=utf-8`);
    expect(reply.body).toMatchObject({ errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] });
    expect(reply.body).not.toHaveProperty('data');
  });

  test.each([
    ['', 'application/json'],
    ['*/*', 'application/json'],
    ['text/html, */*;q=0.1', 'application/json'],
    ['application/json, application/graphql-response+json', 'application/json'],
    ['application/graphql-response+json, application/json', 'application/graphql-response+json'],
    ['Application/GraphQL-Response+JSON', 'application/graphql-response+json'],
    [
      'application/json-patch+json, application/graphql-response+json',
      'application/graphql-response+json',
    ],
    ['application/graphql-response+jsonx, application/json', 'application/json'],
    ['application/graphql-response+json;charset=latin1, application/json', 'application/json'],
    [
      'application/graphql-response+json; charset="UTF-8"; q=1, application/json',
      'application/graphql-response+json',
    ],
    ['application/json; charset=utf8', 'application/json'],
    [
      'application/json;q=0.5, application/graphql-response+json;q=0.9',
      'application/graphql-response+json',
    ],
    ['application/graphql-response+json;q=0, application/json', 'application/json'],
  ])('to Accept: %s it answers in %s, data as well as errors', async (accept, mediaType) => {
    const headers = { Accept: accept };
    for (const query of ['{ __typename }', '{ colour }']) {
      const reply = await service.current.post('/graphql', { query }, { headers });
      expect(reply.headers.get('content-type')).toBe(`${mediaType}; charset=utf-8`);
    }
  });

  const body = JSON.stringify({ query: '{ __typename }' });
  const mutation = encodeURIComponent('mutation { createCustomer { __typename } }');
  const valid = encodeURIComponent(
    'mutation { deleteCustomer(input: { id: "cust_1" }) { __typename } }',
  );

  test.each([
    ['415 UNSUPPORTED_MEDIA_TYPE', '/graphql', { body, headers: { 'Content-Type': 'text/plain' } }],
    ['406 NOT_ACCEPTABLE', '/graphql', { body, headers: { Accept: 'text/html' } }],
    ['406 NOT_ACCEPTABLE', '/graphql', { body, headers: { Accept: 'application/json;q=0' } }],
    [
      '406 NOT_ACCEPTABLE',
      '/graphql',
      { body, headers: { Accept: 'application/json; charset=latin1' } },
    ],
    ['405 METHOD_NOT_ALLOWED', `/graphql?query=${valid}`, {}],
    ['200 GRAPHQL_VALIDATION_FAILED', `/graphql?query=${mutation}`, {}],
  ] as [string, string, { body?: string; headers?: Record<string, string> }][])(
    '%s for %s with %j',
    async (expected, path, { body, headers = {} }) => {
      const reply = await service.current.send(path, body, { headers });
      expect(`${reply.status} ${reply.body.errors[0].extensions.code}`).toBe(expected);
      expect(reply.body.errors[0].message).toMatch(/\S/);
      if (reply.status === 405) expect(reply.headers.get('allow')).toBe('POST');
    },
  );

  test.each([
    ['{ __typename }', 'Other'],
    ['query A { __typename } query B { __typename }', undefined],
    ['query A { __typename } query B { __typename }', 'C'],
  ])('BAD_REQUEST for %s with operationName %s', async (query, operationName) => {
    const { body } = await service.current.post('/graphql', { query, operationName });
    expect(body.errors).toMatchObject([{ extensions: { code: 'BAD_REQUEST' } }]);
    expect(body.errors[0].message).toContain('operationName');
  });

  test('an empty operationName is none', async () => {
    const query = 'query A { __typename }';
    const byPost = await service.current.post('/graphql', { query, operationName: '' });
    const byGet = await service.current.get(
      `/graphql?operationName=&query=${encodeURIComponent(query)}`,
    );
    for (const { body } of [byPost, byGet]) expect(body).toEqual({ data: { __typename: 'Query' } });
  });

  test('large variables with many mistakes are answered with the first of them, in short', async () => {
    const large = await Service.start();
    const query =
      'mutation ($input: CreateCustomerInput!) { createCustomer(input: $input) { __typename } }';
    const input = Object.fromEntries(
      Array.from({ length: 90 }, (_, n) => [`field${n}`, 'x'.repeat(500)]),
    );
    for (let times = 0; times < 12; times++) {
      const { body } = await large.graphql(query, { input });
      expect(body.errors).toHaveLength(1);
      expect(body.errors[0].message.length).toBeLessThan(1100);
      expect(body.errors[0].message).toMatch(/^Variable "\$input" got invalid value/);
      expect(body.errors[0].extensions).toEqual({ code: 'BAD_USER_INPUT' });
    }
    await large.destroy();
  });

  test('413 PAYLOAD_TOO_LARGE', async () => {
    const reply = await service.current.graphql(`{ __typename } # ${'x'.repeat(3000)}`);
    expect(reply.status).toBe(413);
    expect(reply.body.errors[0].extensions.code).toBe('PAYLOAD_TOO_LARGE');
  });

  test('a body that is not UTF-8 is refused rather than changed', async () => {
    const body = Buffer.from(JSON.stringify({ query: '{ __typename } # é' }), 'latin1');
    const reply = await service.current.send('/graphql', body);
    expect(reply.status).toBe(400);
  });
});
