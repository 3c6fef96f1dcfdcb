// Creates a customer, and tells what keeps it from being one: TOKEN=clientele_… npx tsx examples/graphql/create.ts
import { GraphQLClient } from 'graphql-request';
import { graphql } from './generated/index.js';

const client = new GraphQLClient(`${process.env.URL ?? 'http://127.0.0.1:4000'}/graphql`, {
  headers: { Authorization: `Bearer ${process.env.TOKEN}` },
});

const createCustomer = graphql(`
  mutation CreateCustomer($input: CreateCustomerInput!) {
    createCustomer(input: $input) {
      __typename
      ... on CreateCustomerSuccess { customer { id name createdAt } }
      ... on InvalidInputError { issues { path message } }
      ... on ConflictError { existing { id name } }
      ... on Error { message }
    }
  }
`);

const input = { corporationId: 'corp_123', name: 'Acme Corporation', externalId: 'ext_create' };
const { createCustomer: result } = await client.request(createCustomer, { input });

switch (result.__typename) {
  case 'CreateCustomerSuccess':
    console.log(`Created ${result.customer.name} as ${result.customer.id}.`);
    break;
  case 'InvalidInputError':
    for (const { path, message } of result.issues) console.log(`${path.join('.')} ${message}.`);
    break;
  case 'ConflictError':
    console.log(`${input.externalId} is ${result.existing.name} already, ${result.existing.id}.`);
    break;
  case 'IdempotencyError':
    console.log(result.message);
    break;
  default: {
    // Does not compile while a type of the union has no case; runs for one that is added later.
    const unknown: never = result;
    console.log(unknown);
  }
}
