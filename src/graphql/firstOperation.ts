/** What GraphiQL opens with: one click creates a customer, and can be clicked again. */
export const firstOperation = `# Press play to create a customer.
# Input: Variables. Token: Headers.
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
`;

export function firstVariables(corporationId: string | null): string {
  const input = {
    corporationId: corporationId ?? 'corp_123',
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
  };
  return JSON.stringify({ input }, null, 2);
}

/** Stands before it where no token can be filled in. */
export const tokenHint = `# First put your token into Headers:
# { "Authorization": "Bearer <token>" }
`;
