import { type Tab, type TabValues, variables } from './tab.js';

export function safeRetryTab({ corporationId, idempotencyKey }: TabValues): Tab {
  return {
    name: 'SafeRetry',
    query: `# Press play twice, like a client that lost the
# answer. The second one says "replayed": true,
# and it is still one customer. With another
# idempotencyKey it would be another customer.
mutation SafeRetry($input: CreateCustomerInput!) {
  createCustomer(input: $input) {
    __typename
    ... on CreateCustomerSuccess {
      replayed
      customer {
        id
        name
        createdAt
      }
    }
    ... on Error {
      code
      message
    }
  }
}
`,
    variables: variables({ input: { corporationId, name: 'Initech', idempotencyKey } }),
  };
}
