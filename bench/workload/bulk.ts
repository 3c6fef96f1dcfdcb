import { type ReferenceCustomer, toWire } from './reference.js';

/** Many customers in one call, over either face. */

const graphqlDocument =
  'mutation ($inputs: [CreateCustomerInput!]!) { createCustomers(inputs: $inputs) { __typename ' +
  '... on CreateCustomerSuccess { customer { id name email corporationId createdAt } } ' +
  '... on Error { code message } } }';

export const bulkGraphql = {
  path: '/graphql',
  body: (inputs: ReferenceCustomer[]) =>
    JSON.stringify({ query: graphqlDocument, variables: { inputs } }),
};

export const bulkRest = {
  path: '/customers/bulk',
  body: (customers: ReferenceCustomer[]) => JSON.stringify({ customers: customers.map(toWire) }),
};
