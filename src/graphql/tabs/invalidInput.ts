import { type Tab, type TabValues, variables } from './tab.js';

export function invalidInputTab({ corporationId }: TabValues): Tab {
  return {
    name: 'InvalidInput',
    query: `# Press play: all that is wrong with Variables is
# told at once, each with the path to its field.
# Nothing is stored. Mend it and press again.
mutation InvalidInput($input: CreateCustomerInput!) {
  createCustomer(input: $input) {
    __typename
    ... on CreateCustomerSuccess {
      customer {
        id
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
        name: 'A',
        email: 'contact at acme.com',
        shippingAddress: { city: 'London', country: 'UK' },
      },
    }),
  };
}
