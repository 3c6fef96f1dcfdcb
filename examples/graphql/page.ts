// Lists every customer of a corporation, page by page: TOKEN=clientele_… npx tsx examples/graphql/page.ts [corporation]
import { GraphQLClient } from 'graphql-request';
import type { PageOfCustomersQuery } from './generated/graphql.js';
import { graphql } from './generated/index.js';

const client = new GraphQLClient(`${process.env.URL ?? 'http://127.0.0.1:4000'}/graphql`, {
  headers: { Authorization: `Bearer ${process.env.TOKEN}` },
});

const pageOfCustomers = graphql(`
  query PageOfCustomers($corporationId: ID!, $after: String) {
    customers(corporationId: $corporationId, first: 100, after: $after) {
      nodes { id name }
      pageInfo { hasNextPage endCursor }
    }
  }
`);

async function* everyCustomer(corporationId: string) {
  let after: string | null = null;
  do {
    const { customers }: PageOfCustomersQuery = await client.request(pageOfCustomers, {
      corporationId,
      after,
    });
    yield* customers.nodes;
    after = customers.pageInfo.hasNextPage ? customers.pageInfo.endCursor : null;
  } while (after !== null);
}

const corporationId = process.argv[2] ?? 'corp_123';
for await (const { id, name } of everyCustomer(corporationId)) console.log(id, name);
