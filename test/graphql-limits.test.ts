import { getIntrospectionQuery } from 'graphql';
import { describe, expect, test } from 'vitest';
import { createCustomer, customerFields } from './support/faces.js';
import { Service, useService } from './support/service.js';

const service = useService({
  GRAPHQL_DEPTH_LIMIT: '8',
  GRAPHQL_ALIAS_LIMIT: '5',
  GRAPHQL_DIRECTIVE_LIMIT: '5',
});

const nested = (levels: number, selection: string): string =>
  levels === 0
    ? selection
    : `corporation { customers { nodes { ${nested(levels - 1, selection)} } } }`;

const repeated = (times: number, text: (n: number) => string) =>
  Array.from({ length: times }, (_, n) => text(n)).join(' ');

describe('a document is refused, whatever its variables are, when it has', () => {
  test.each([
    ['fields too deep', `{ customer(id: "c") { ${nested(3, 'id')} } }`, 'fields 11 deep'],
    [
      'fields too deep behind fragments',
      `{ customer(id: "c") { ...a } }
       fragment a on Customer { corporation { customers { nodes { ...b } } } }
       fragment b on Customer { corporation { customers { nodes { ...c } } } }
       fragment c on Customer { corporation { customers { nodes { id } } } }`,
      'fields 11 deep',
    ],
    [
      'too many aliases',
      `{ ${repeated(6, (n) => `a${n}: __typename b${n}: customer(id: "c") { id }`)} }`,
      'Aliases',
    ],
    [
      'too many directives',
      `{ ${repeated(6, (n) => `customer(id: "${n}") @skip(if: true) { id }`)} }`,
      '',
    ],
    [
      'lists within lists',
      `{ corporations(first: 100) { nodes { customers(first: 100) { nodes { id name email version externalId createdAt updatedAt corporationId } } } } }`,
      'values',
    ],
    [
      'lists within lists, however long the variables say that they are',
      `query ($n: Int) { corporations(first: $n) { nodes { customers(first: $n) { nodes { id name email version externalId createdAt updatedAt corporationId } } } } }`,
      'values',
    ],
    [
      'such lists in any of its operations',
      `query Small($n: ID!) { customer(id: $n) { id } }
       query Large($n: Int) { corporations(first: $n) { nodes { customers(last: $n) { nodes { id name email version externalId createdAt updatedAt corporationId } } } } }`,
      'values',
    ],
    [
      'many lists that may have to look at every customer',
      `query ($filter: CustomerFilter) { ${repeated(5, (n) => `a${n}: corporations { nodes { customers(first: 1, filter: $filter) { totalCount } } }`)} }`,
      'values',
    ],
    [
      'several bulk calls',
      `mutation ($inputs: [CreateCustomerInput!]!) {
         one: createCustomers(inputs: $inputs) { __typename }
         two: createCustomers(inputs: $inputs) { __typename }
         three: createCustomers(inputs: $inputs) { __typename }
         four: createCustomers(inputs: $inputs) { __typename }
       }`,
      'values',
    ],
    ['a very long name', `{ ${'a'.repeat(129)}: __typename }`, 'more than 128 characters'],
    [
      'such lists for nodes by their ids',
      `query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Corporation { customers(first: 100) { nodes { id name email version externalId createdAt updatedAt corporationId } } } } }`,
      'values',
    ],
  ])('%s', async (_, query, message) => {
    const { status, body } = await service.current.graphql(query, { n: 1, ids: [] });
    expect(status).toBe(200);
    expect(body.data).toBeUndefined();
    expect(body.errors[0].extensions.code).toBe('GRAPHQL_VALIDATION_FAILED');
    expect(body.errors[0].message).toContain(message);
  });
});

describe('what clients do every day is within the limits', () => {
  test.each([
    ['a create', createCustomer],
    [
      'the introspection of GraphiQL',
      getIntrospectionQuery({ descriptions: true, inputValueDeprecation: true }),
    ],
    [
      'the largest page with all fields',
      `query ($after: String) {
         customers(corporationId: "corp_123", first: 100, after: $after) {
           edges { cursor node { ...customer corporation { id legalName } } }
           pageInfo { hasNextPage endCursor }
           totalCount
         }
       } ${customerFields}`,
    ],
    [
      'many customers at once',
      `mutation ($inputs: [CreateCustomerInput!]!) {
         createCustomers(inputs: $inputs) {
           ... on CreateCustomerSuccess { replayed customer { ...customer } }
           ... on InvalidInputError { issues { path code message } }
           ... on Error { code message }
         }
       } ${customerFields}`,
    ],
    [
      'variables of every kind',
      `query ($yes: Boolean!, $n: Int, $order: CustomerOrder, $filter: CustomerFilter) {
         customers(corporationId: "corp_123", first: $n, orderBy: $order, filter: $filter) {
           nodes { id @include(if: $yes) }
         }
       }`,
    ],
    [
      'corporations with their newest customers',
      '{ corporations { nodes { id customers { nodes { id name } } } } }',
    ],
  ])('%s', async (_, query) => {
    const { body } = await service.current.graphql(query, {
      input: { corporationId: 'corp_123', name: 'Acme' },
      inputs: [{ corporationId: 'corp_123', name: 'Acme' }],
      yes: true,
    });
    expect(body.errors).toBeUndefined();
  });
});

test('parameters of a GET that are nested too deeply are refused as a body is', async () => {
  const variables = `{"ids":${'['.repeat(2000)}${']'.repeat(2000)}}`;
  const query = 'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }';
  const { status, body } = await service.current.get(
    `/graphql?${new URLSearchParams({ query, variables })}`,
  );
  expect(status).toBe(400);
  expect(body.errors[0].extensions.code).toBe('MALFORMED_JSON');
});

test('ids in a variable cost what one call may fetch by them, however long a page may be', async () => {
  const small = await Service.start({ PAGE_LIMIT: '10', GRAPHQL_COST_LIMIT: '500' });
  const query =
    'query ($ids: [ID!]!) { nodes(ids: $ids) { id ... on Customer { a: id b: id c: id d: id } } }';
  const { body } = await small.graphql(query, { ids: ['corp_123'] });
  expect(body.errors).toMatchObject([
    {
      message: expect.stringContaining('at most 500'),
      extensions: { code: 'GRAPHQL_VALIDATION_FAILED' },
    },
  ]);
  await small.destroy();
});
