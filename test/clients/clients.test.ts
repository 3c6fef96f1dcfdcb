import { GraphQLClient, gql } from 'graphql-request';
import { expect, test } from 'vitest';
import { useService } from './support/service.js';

const service = useService();

test('graphql-request creates a customer and gets what is wrong as data', async () => {
  const client = new GraphQLClient(`${service.current.url}/graphql`, {
    headers: { Authorization: `Bearer ${service.current.firstToken}` },
  });
  const mutation = gql`
    mutation CreateCustomer($input: CreateCustomerInput!) {
      createCustomer(input: $input) {
        __typename
        ... on CreateCustomerSuccess { customer { id name } }
        ... on InvalidInputError { issues { path message } }
        ... on Error { message }
      }
    }
  `;
  const create = (input: object) =>
    client.request<{ createCustomer: Record<string, unknown> }>(mutation, { input });

  const good = await create({ corporationId: 'corp_123', name: 'Acme' });
  const bad = await create({ corporationId: 'corp_123', name: 'A' });

  expect(good.createCustomer).toMatchObject({
    __typename: 'CreateCustomerSuccess',
    customer: { name: 'Acme' },
  });
  expect(bad.createCustomer).toMatchObject({
    __typename: 'InvalidInputError',
    issues: [{ path: ['input', 'name'], message: 'must have at least 3 characters' }],
  });
});

test('graphql-request throws what is no data, with its code', async () => {
  const client = new GraphQLClient(`${service.current.url}/graphql`);
  await expect(client.request('{ corporation(id: "corp_123") { id } }')).rejects.toMatchObject({
    response: { errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] },
  });
});
