import { graphql } from './generated/index.js';

export const createCustomer = graphql(`
  mutation CreateCustomer($input: CreateCustomerInput!) {
    createCustomer(input: $input) {
      __typename
      ... on CreateCustomerSuccess { replayed customer { id name email version createdAt } }
      ... on InvalidInputError { issues { path code message } }
      ... on ConflictError { path existing { id name } }
      ... on Error { code message }
    }
  }
`);

export const listCustomers = graphql(`
  query ListCustomers($corporationId: ID!, $first: Int!, $after: String) {
    customers(corporationId: $corporationId, first: $first, after: $after) {
      nodes { id name }
      pageInfo { hasNextPage endCursor }
      totalCount
    }
  }
`);
