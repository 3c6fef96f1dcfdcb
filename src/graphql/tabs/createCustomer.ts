import { type Tab, type TabValues, variables } from './tab.js';

export function createCustomerTab({ corporationId }: TabValues): Tab {
  return {
    name: 'CreateCustomer',
    query: `# Press play to create the customer that is in
# Variables below. Press again for another.
mutation CreateCustomer($input: CreateCustomerInput!) {
  createCustomer(input: $input) {
    __typename
    ... on CreateCustomerSuccess {
      customer {
        id
        name
        email
        corporationId
        createdAt
      }
    }
    ... on InvalidInputError {
      issues {
        path
        code
        message
      }
    }
    ... on Error {
      code
      message
    }
  }
}
`,
    variables: variables({
      input: {
        corporationId,
        name: 'Acme Corporation',
        email: 'contact@acme.com',
        shippingAddress: {
          line1: '123 Main St',
          line2: 'Suite 100',
          city: 'San Francisco',
          state: 'CA',
          postalCode: '94105',
          country: 'US',
        },
      },
    }),
  };
}
