import { type Tab, type TabValues, variables } from './tab.js';

export function conflictTab({ corporationId }: TabValues): Tab {
  return {
    name: 'Conflict',
    query: `# Press play: one input is sent twice. The second
# is refused, for its externalId is taken by then,
# and is shown who has it. Press again: both are.
mutation Conflict($input: CreateCustomerInput!) {
  first: createCustomer(input: $input) {
    ...result
  }
  second: createCustomer(input: $input) {
    ...result
  }
}

fragment result on CreateCustomerResult {
  __typename
  ... on CreateCustomerSuccess {
    customer {
      id
      externalId
    }
  }
  ... on ConflictError {
    path
    existing {
      id
      externalId
    }
  }
  ... on Error {
    code
    message
  }
}
`,
    variables: variables({
      input: { corporationId, name: 'Globex', externalId: 'ext_globex' },
    }),
  };
}
