// Tries again when no answer comes, and creates one customer all the same: TOKEN=clientele_… npx tsx examples/graphql/retry.ts
import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { ClientError, GraphQLClient } from 'graphql-request';
import type { CreateCustomerInput } from './generated/graphql.js';
import { graphql } from './generated/index.js';

const client = new GraphQLClient(`${process.env.URL ?? 'http://127.0.0.1:4000'}/graphql`, {
  headers: { Authorization: `Bearer ${process.env.TOKEN}` },
});

const createOnce = graphql(`
  mutation CreateOnce($input: CreateCustomerInput!) {
    createCustomer(input: $input) {
      __typename
      ... on CreateCustomerSuccess { replayed customer { id } }
      ... on Error { code message }
    }
  }
`);

/** No answer, or one that may be another soon. All else would be answered the same again. */
const mayPass = (error: unknown) =>
  !(error instanceof ClientError) ||
  error.response.errors?.some(({ extensions }) => passing.has(extensions?.code));

const passing = new Set<unknown>(['RATE_LIMITED', 'UNAVAILABLE', 'OUTCOME_UNKNOWN']);

async function create(input: CreateCustomerInput & { idempotencyKey: string }, attempts = 5) {
  for (let attempt = 1; ; attempt++) {
    try {
      return (await client.request(createOnce, { input })).createCustomer;
    } catch (error) {
      if (attempt === attempts || !mayPass(error)) throw error;
      console.log(`Attempt ${attempt} failed.`);
      await setTimeout(100 * 2 ** attempt);
    }
  }
}

// The key is made once for what is to be done, and not for each attempt.
console.log(
  await create({ corporationId: 'corp_123', name: 'Acme', idempotencyKey: randomUUID() }),
);
