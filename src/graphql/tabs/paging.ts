import { type Tab, type TabValues, variables } from './tab.js';

export function pagingTab({ corporationId }: TabValues): Tab {
  return {
    name: 'Paging',
    query: `# Press play: the two newest customers, and how
# many there are in all. For the next page put
# endCursor into Variables, in place of null.
query Paging($corporationId: ID!, $first: Int, $after: String) {
  customers(corporationId: $corporationId, first: $first, after: $after) {
    totalCount
    pageInfo {
      hasNextPage
      endCursor
    }
    nodes {
      id
      name
      createdAt
    }
  }
}
`,
    variables: variables({ corporationId, first: 2, after: null }),
  };
}
