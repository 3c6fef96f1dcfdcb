import { type Tab, type TabValues, variables } from './tab.js';

export function searchTab({ corporationId }: TabValues): Tab {
  return {
    name: 'Search',
    query: `# Press play: the customers with "acme" in their
# name, in any case; none if you created none yet.
# The docs of CustomerFilter tell what else goes.
query Search($corporationId: ID!, $filter: CustomerFilter) {
  customers(corporationId: $corporationId, filter: $filter) {
    totalCount
    nodes {
      id
      name
      email
    }
  }
}
`,
    variables: variables({ corporationId, filter: { search: 'acme' } }),
  };
}
