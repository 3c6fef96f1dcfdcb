import { type Tab, type TabValues, variables } from './tab.js';

export function updateCustomerTab(): Tab {
  return {
    name: 'UpdateCustomer',
    query: `# Press play: the name is changed, null clears the
# email, and what is left out stays. A blank id is
# filled in with that of a customer to try it on.
# Press again: nothing changes, nor the version.
mutation UpdateCustomer($input: UpdateCustomerInput!) {
  updateCustomer(input: $input) {
    __typename
    ... on UpdateCustomerSuccess {
      customer {
        id
        name
        email
        externalId
        version
        updatedAt
      }
    }
    ... on VersionMismatchError {
      current {
        version
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
    variables: variables({ input: { id: '', name: 'Umbrella Limited', email: null } }),
  };
}

/** What the page sends first where the id is blank, since there may be no customer yet. */
export function exampleCustomer({ corporationId }: TabValues) {
  return {
    tab: 'UpdateCustomer',
    request: {
      query: exampleQuery,
      variables: {
        input: {
          corporationId,
          name: 'Umbrella',
          email: 'contact@umbrella.example',
          externalId: 'ext_umbrella',
        },
      },
    },
  };
}

const exampleQuery = `mutation ExampleCustomer($input: UpsertCustomerInput!) {
  upsertCustomer(input: $input) {
    __typename
    ... on UpsertCustomerSuccess {
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
`;
