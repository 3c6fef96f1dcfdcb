import fc from 'fast-check';
import { getVariableValues, type OperationDefinitionNode, parse } from 'graphql';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { compile } from '../src/graphql/compile.js';
import { createSchema } from '../src/graphql/schema.js';
import type { RequestContext } from '../src/http/context.js';
import { argumentTypes, variablesOf as variablesOfType } from './compiled/inputs.js';
import { createCustomer, customerFields } from './support/faces.js';
import { type Json, type Reply, useService } from './support/service.js';

// As it is, and looked at: which operations were compiled cannot be seen from outside.
vi.mock('../src/graphql/compile.js', async (original) => {
  const actual = await original<typeof import('../src/graphql/compile.js')>();
  return { compile: vi.fn(actual.compile) };
});

/** More often than an operation is interpreted before it is compiled. */
const often = 12;

const variablesOf = (corporationId: string, customerId: string): Record<string, Json[]> => ({
  [createCustomer]: [
    { input: { corporationId, name: 'Acme Corporation', email: 'contact@acme.com' } },
    { input: { corporationId, name: 'A', email: 'no', externalId: '' } },
    { input: { corporationId, name: 'Acme Corporation', externalId: 'taken' } },
    { input: { corporationId: 'corp_nowhere', name: 'Acme Corporation' } },
    { input: { corporationId, name: 'Acme', shippingAddress: { city: 'Paris', country: 'FR' } } },
    { input: { corporationId, name: null } },
    { input: { corporationId, name: 7 } },
    { input: { corporationId: 7, name: 'Acme Corporation' } },
    { input: { corporationId, name: 'Acme Corporation', nickname: 'A' } },
    { input: { corporationId, name: 'Acme Corporation', shippingAddress: 'Paris' } },
    { input: 'Acme' },
    { input: null },
    {},
  ],
  [`query ($id: ID!) {
    first: customer(id: $id) { ...customer corporation { id legalName } }
    second: customer(id: "cust_none") { id }
    node(id: $id) { __typename id ... on Customer { name email } }
    nodes(ids: ["cust_none", "corp_none"]) { __typename }
  } ${customerFields}`]: [
    { id: customerId },
    { id: [customerId] },
    { id: 'cust_none' },
    { id: null },
  ],
  [`query ($corporationId: ID!, $first: Int, $filter: CustomerFilter, $orderBy: CustomerOrder) {
    customers(corporationId: $corporationId, first: $first, filter: $filter, orderBy: $orderBy) {
      totalCount edges { cursor node { name } } nodes { name } pageInfo { hasNextPage }
    }
  }`]: [
    { corporationId, first: 2, orderBy: 'OLDEST_FIRST', filter: { search: 'TAK' } },
    { corporationId, filter: { sourcePlatforms: 'shopify' } },
    { corporationId, filter: [] },
    { corporationId, filter: { search: 'TAK', email: null }, orderBy: null },
    { corporationId, first: 0 },
    { corporationId, first: 1.5 },
    { corporationId, first: 2 ** 31 },
    { corporationId, orderBy: 'SIDEWAYS' },
    { corporationId: 'corp_nowhere' },
  ],
  [`mutation ($a: UpdateCustomerInput!) {
    a: updateCustomer(input: $a) { ... on Error { code message } }
    b: deleteCustomer(input: { id: "cust_none" }) { ... on NotFoundError { id code message } }
  }`]: [
    { a: { id: customerId, name: 'Taken' } },
    { a: { id: customerId, name: 'x' } },
    { a: { id: customerId, email: null } },
    { a: { id: customerId } },
  ],
  '{ __schema { queryType { name } } __type(name: "Customer") { name fields { name } } }': [{}],
});

describe('an operation that was compiled', () => {
  const service = useService();
  let cases: [query: string, variables: Json][];

  beforeAll(async () => {
    const corporationId = await service.current.newCorporation();
    const input = { corporationId, name: 'Taken', externalId: 'taken' };
    const made = await service.current.graphql(createCustomer, { input });
    const { id } = made.body.data.createCustomer.customer;
    cases = Object.entries(variablesOf(corporationId, id)).flatMap(([query, all]) =>
      all.map((variables): [string, Json] => [query, variables]),
    );
  });

  const send = ([query, variables]: [string, Json], token?: null) =>
    service.current.graphql(query, variables, token === null ? { token } : {});

  /** An answer without what is new in each. */
  const comparable = ({ status, body }: Reply) => ({
    status,
    body: JSON.parse(
      JSON.stringify(body).replace(
        /"(requestId|id|createdAt|updatedAt)":"[^"]*"/g,
        (match, name) => (match.includes('"cust_none"') ? match : `"${name}":"…"`),
      ),
    ),
  });

  const compiled = () =>
    Promise.all(vi.mocked(compile).mock.results.map(({ value }) => value as Promise<unknown>));

  test('answers as before, whatever is sent', async () => {
    const interpreted: Reply[] = [];
    for (const one of cases) interpreted.push(await send(one));
    const unauthenticated: Reply[] = [];
    for (const one of cases) unauthenticated.push(await send(one, null));

    const queries = new Set(cases.map(([query]) => query));
    for (const query of queries) {
      const [one] = cases.filter(([other]) => other === query);
      for (let sent = 0; sent < often; sent++) if (one) await send(one);
    }
    expect(await compiled()).toHaveLength(queries.size);
    expect(await compiled()).not.toContain(null);

    for (const [index, one] of cases.entries()) {
      const sent = JSON.stringify(one);
      expect(comparable(await send(one)), sent).toEqual(comparable(interpreted[index] as Reply));
      expect(comparable(await send(one, null)), sent).toEqual(
        comparable(unauthenticated[index] as Reply),
      );
    }
  });

  const customer = '{ customer { name email } }';

  test.each([
    [
      'a variable that may be left out stands inside an object',
      `mutation ($id: ID!, $email: String) {
        updateCustomer(input: { id: $id, email: $email }) { ... on UpdateCustomerSuccess ${customer} }
      }`,
      { updateCustomer: { customer: { name: 'Acme', email: 'contact@acme.com' } } },
    ],
    [
      'two directives are on one fragment',
      `query ($id: ID!, $no: Boolean = false) {
        customer(id: $id) { ...F @include(if: $no) ...F @skip(if: $no) }
      } fragment F on Customer { name }`,
      { customer: { name: 'Acme' } },
    ],
    [
      'a variable has a default',
      'query ($id: ID!, $none: ID = "cust_none") { customer(id: $id) { name } none: customer(id: $none) { name } }',
      { customer: { name: 'Acme' }, none: null },
    ],
    [
      'a field is called __proto__',
      'query ($id: ID!) { customer(id: $id) { __proto__: name } }',
      JSON.parse('{ "customer": { "__proto__": "Acme" } }'),
    ],
  ])('is not made where it would mean something else: %s', async (_case, query, data) => {
    const corporationId = await service.current.newCorporation();
    const input = { corporationId, name: 'Acme', email: 'contact@acme.com' };
    const made = await service.current.graphql(createCustomer, { input });
    const { id } = made.body.data.createCustomer.customer;
    for (let sent = 0; sent < often; sent++) {
      const { body } = await service.current.graphql(query, { id });
      expect(JSON.stringify(body.data)).toEqual(JSON.stringify(data));
    }
    expect((await compiled()).at(-1)).toBeNull();
  });
});

const schema = createSchema();

test.each([...argumentTypes(schema)])(
  'variables of the type %s are run as compiled only where they are good',
  async (name, type) => {
    const document = parse(`query ($value: ${name}) { __typename }`);
    const operation = document.definitions[0] as OperationDefinitionNode;
    const run = await compile(schema, document, operation);
    if (!run) throw new Error('It was not compiled.');

    const isGood = (variables: Record<string, unknown>) =>
      !getVariableValues(schema, operation.variableDefinitions ?? [], variables).errors;
    let good = 0;
    await fc.assert(
      fc.asyncProperty(variablesOfType(type), async (variables) => {
        const ran = 'data' in (await run({} as RequestContext, variables));
        if (ran) good++;
        // What is not run is left to the interpreter, which tells what is wrong with it, if anything.
        if (ran) expect(isGood(variables)).toBe(true);
        else expect(!isGood(variables) || JSON.stringify(variables).includes('[]')).toBe(true);
      }),
      { numRuns: 1000 },
    );
    expect(good).toBeGreaterThan(0);
  },
);
