import { beforeAll, describe, expect, test } from 'vitest';
import { customerFields, type Face, faces } from './support/faces.js';
import { type Json, type Reply, useService } from './support/service.js';

const holder = useService();
const secret = 'Secret Customer';
let theirs: Json;
let token: string;

/** A token of another corporation, which none of the operations may tell anything of `theirs`. */
beforeAll(async () => {
  const [mine, other] = [
    await holder.current.newCorporation(),
    await holder.current.newCorporation(),
  ];
  token = await holder.current.issueToken({ corporationIds: [mine] });
  const body = { corporation_id: other, name: secret, external_id: 'ext_1' };
  theirs = (await holder.current.post('/customers', body)).body.data;
});

const variables = () => ({
  id: theirs.id,
  corporationId: theirs.corporation_id,
  externalId: theirs.external_id,
  name: 'Mine now',
});
const type = { id: 'ID!', corporationId: 'ID!', externalId: 'String!', name: 'String!' };

/** Every operation that the GraphQL face has, on a customer or a corporation of someone else. */
const operations: Record<string, string> = {
  customer: 'customer(id: $id) { ...customer }',
  customerByExternalId:
    'customerByExternalId(corporationId: $corporationId, externalId: $externalId) { ...customer }',
  customers: 'customers(corporationId: $corporationId) { nodes { ...customer } totalCount }',
  corporation: 'corporation(id: $corporationId) { id legalName customers { totalCount } }',
  corporations: 'corporations { nodes { id legalName customers { nodes { ...customer } } } }',
  node: 'node(id: $id) { id ...customer }',
  nodes: 'nodes(ids: [$id, $corporationId]) { id ...customer }',
  createCustomer:
    'createCustomer(input: { corporationId: $corporationId, name: $name, externalId: $externalId }) { ... on ConflictError { existing { ...customer } } ... on Error { code } }',
  createCustomers:
    'createCustomers(inputs: [{ corporationId: $corporationId, name: $name, externalId: $externalId }]) { ... on ConflictError { existing { ...customer } } ... on Error { code } }',
  upsertCustomer:
    'upsertCustomer(input: { corporationId: $corporationId, name: $name, externalId: $externalId }) { ... on UpsertCustomerSuccess { customer { ...customer } } ... on Error { code } }',
  updateCustomer:
    'updateCustomer(input: { id: $id, name: $name }) { ... on UpdateCustomerSuccess { customer { ...customer } } ... on Error { code } }',
  deleteCustomer: 'deleteCustomer(input: { id: $id }) { ... on Error { code } }',
  createCorporation:
    'createCorporation(input: { legalName: $name, jurisdiction: "US" }) { ... on Error { code } }',
};

describe('a token of another corporation', () => {
  test('has every operation of the schema in the table below', async () => {
    const query = '{ __schema { queryType { fields { name } } mutationType { fields { name } } } }';
    const { body } = await holder.current.graphql(query);
    const { queryType, mutationType } = body.data.__schema;
    const names = [...queryType.fields, ...mutationType.fields].map(({ name }: Json) => name);
    expect(names.sort()).toEqual(Object.keys(operations).sort());
  });

  test.each(Object.keys(operations))('finds and changes nothing with %s', async (name) => {
    const selection = operations[name] ?? '';
    const used = Object.entries(type).filter(([variable]) => selection.includes(`$${variable}`));
    const declared = used.map(([variable, of]) => `$${variable}: ${of}`).join(', ');
    const kind = /^(create|update|upsert|delete)/.test(name) ? 'mutation' : 'query';
    const fragment = selection.includes('...customer') ? customerFields : '';
    const document = `${kind} ${declared && `(${declared})`} { ${selection} } ${fragment}`;

    const reply = await holder.current.graphql(document, variables(), { token });
    const nowhere = await holder.current.graphql(
      document,
      { ...variables(), id: 'cust_none', corporationId: 'corp_none' },
      { token },
    );

    expect(body(reply)).toEqual(body(nowhere));
    expect(JSON.stringify(reply.body)).not.toContain(secret);
    await expectUntouched();
  });

  const rest: [string, string, Json?][] = [
    ['GET', '/customers/{id}'],
    ['PATCH', '/customers/{id}', { name: 'Mine now' }],
    ['POST', '/customers/{id}', { name: 'Mine now' }],
    ['DELETE', '/customers/{id}'],
    ['GET', '/customers?corporation_id={corporation}'],
    ['PUT', '/customers?corporation_id={corporation}&external_id=ext_1', { name: 'Mine now' }],
    ['POST', '/customers', { corporation_id: '{corporation}', name: 'A B', external_id: 'ext_1' }],
    [
      'POST',
      '/customers/bulk',
      { customers: [{ corporation_id: '{corporation}', name: 'A B', external_id: 'ext_1' }] },
    ],
    ['GET', '/corporations/{corporation}'],
    ['GET', '/corporations'],
    ['POST', '/corporations', { legal_name: 'A', jurisdiction: 'US' }],
  ];

  test.each(rest)('finds and changes nothing with %s %s', async (method, path, sent) => {
    const call = (id: string, corporation: string) => {
      const fill = (text: string) =>
        text.replaceAll('{id}', id).replaceAll('{corporation}', corporation);
      const text = sent && fill(JSON.stringify(sent));
      return holder.current.send(fill(path), text, { method, token });
    };

    const reply = await call(theirs.id, theirs.corporation_id);
    const nowhere = await call('cust_none', 'corp_none');

    expect(reply.status).toBe(nowhere.status);
    expect(body(reply)).toEqual(body(nowhere));
    expect(JSON.stringify(reply.body)).not.toContain(secret);
    await expectUntouched();
  });

  test.each(faces)('is told nothing by replaying a key over $name', async (face: Face) => {
    const idempotencyKey = crypto.randomUUID();
    const full = await holder.current.issueToken();
    await face.update(
      holder.current,
      theirs.id,
      { email: 'a@x.io' },
      { idempotencyKey, token: full },
    );
    const options = { idempotencyKey, token };
    const repeat = await face.update(holder.current, theirs.id, { email: 'a@x.io' }, options);
    await face.update(holder.current, theirs.id, { email: null });
    expect(repeat).toEqual({ code: 'NOT_FOUND', issues: [] });
  });
});

/** A body without what differs in each: the id of the request, and the ids that were asked for. */
function body(reply: Reply): unknown {
  const text = JSON.stringify(reply.body)
    .replace(/"(request_id|requestId)":"[^"]*"/g, '')
    .replaceAll(theirs.id, 'cust_none')
    .replaceAll(theirs.corporation_id, 'corp_none');
  return text;
}

async function expectUntouched(): Promise<void> {
  const { body } = await holder.current.get(`/customers/${theirs.id}`);
  expect(body.data).toEqual(theirs);
  const count = 'select count(*) as n from customers where corporation_id = ?';
  expect(await holder.current.rows(count, theirs.corporation_id)).toEqual([{ n: 1 }]);
}
