import { reference } from './reference.js';

/** What a list is asked for: the five fields of each, and where to go on. */
const listDocument =
  'query ($corporationId: ID!, $filter: CustomerFilter, $first: Int, $after: String) { ' +
  'customers(corporationId: $corporationId, filter: $filter, first: $first, after: $after) { ' +
  'nodes { id name email corporationId createdAt } pageInfo { hasNextPage endCursor } } }';

const { corporationId } = reference;

type ListVariables = {
  filter?: Record<string, string | string[]>;
  first?: number;
  after?: string | null;
};

export function listQuery(variables: ListVariables) {
  return { query: listDocument, variables: { corporationId, first: 10, ...variables } };
}

export const totalCountQuery = {
  query: 'query ($corporationId: ID!) { customers(corporationId: $corporationId) { totalCount } }',
  variables: { corporationId },
};

export function externalIdQuery(externalId: string) {
  return {
    query:
      'query ($corporationId: ID!, $externalId: String!) { ' +
      'customerByExternalId(corporationId: $corporationId, externalId: $externalId) { ' +
      'id name email corporationId createdAt } }',
    variables: { corporationId, externalId },
  };
}

/** Only where a page ends, to get to a place deep in a list. */
export function cursorQuery(after: string | null, first: number) {
  return {
    query:
      'query ($corporationId: ID!, $first: Int, $after: String) { ' +
      'customers(corporationId: $corporationId, first: $first, after: $after) { ' +
      'pageInfo { endCursor } } }',
    variables: { corporationId, first, after },
  };
}
