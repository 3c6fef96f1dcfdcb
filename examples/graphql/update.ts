// Changes the customer that create.ts made, or that of another external id, without undoing what others change
// meanwhile: TOKEN=clientele_… npx tsx examples/graphql/update.ts [external id]
import { GraphQLClient } from 'graphql-request';
import { graphql } from './generated/index.js';

const client = new GraphQLClient(`${process.env.URL ?? 'http://127.0.0.1:4000'}/graphql`, {
  headers: { Authorization: `Bearer ${process.env.TOKEN}` },
});

const readCustomer = graphql(`
  query ReadCustomer($externalId: String!) {
    customerByExternalId(corporationId: "corp_123", externalId: $externalId) { id name version }
  }
`);

const renameCustomer = graphql(`
  mutation RenameCustomer($input: UpdateCustomerInput!) {
    updateCustomer(input: $input) {
      __typename
      ... on UpdateCustomerSuccess { customer { name version } }
      ... on Error { message }
    }
  }
`);

/** Works the new name out of the one that is there, and anew each time that somebody was faster. */
async function rename(externalId: string, change: (name: string) => string, attempts = 5) {
  for (let attempt = 1; attempt <= attempts; attempt++) {
    const { customerByExternalId: seen } = await client.request(readCustomer, { externalId });
    if (!seen) throw new Error('There is no such customer. Run create.ts first.');
    const input = { id: seen.id, name: change(seen.name), expectedVersion: seen.version };
    const { updateCustomer: result } = await client.request(renameCustomer, { input });
    if (result.__typename === 'UpdateCustomerSuccess') return result.customer;
    if (result.__typename !== 'VersionMismatchError') throw new Error(result.message);
    console.log(result.message);
  }
  throw new Error(`Somebody was faster ${attempts} times.`);
}

console.log(await rename(process.argv[2] ?? 'ext_create', (name) => `${name} & Sons`));
