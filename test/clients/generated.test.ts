import { GraphQLClient } from 'graphql-request';
import { expect, test } from 'vitest';
import { useService } from '../support/service.js';
import { createCustomer } from './documents.js';
import type { CreateCustomerInput, CreateCustomerMutation } from './generated/graphql.js';

const service = useService();

/** Compiles only while every member of the union has a case. */
function inWords(result: CreateCustomerMutation['createCustomer']): string {
  switch (result.__typename) {
    case 'CreateCustomerSuccess':
      return `${result.customer.name} at ${result.customer.createdAt}`;
    case 'InvalidInputError':
      return result.issues.map(({ path, message }) => `${path.join('.')} ${message}`).join('; ');
    case 'ConflictError':
      return `${result.path.join('.')} belongs to ${result.existing.name}`;
    case 'IdempotencyError':
      return result.code;
    default:
      return result satisfies never;
  }
}

test('what is generated from the schema compiles, and tells the results apart', async () => {
  const client = new GraphQLClient(`${service.current.url}/graphql`, {
    headers: { Authorization: `Bearer ${service.current.firstToken}` },
  });
  const create = async (input: CreateCustomerInput) =>
    inWords((await client.request(createCustomer, { input })).createCustomer);

  const input = { corporationId: 'corp_123', name: 'Acme', externalId: 'ext_1' };
  expect(await create({ ...input, idempotencyKey: 'key' })).toMatch(
    /^Acme at \d{4}-\d\d-\d\dT.+Z$/,
  );
  expect(await create(input)).toBe('input.externalId belongs to Acme');
  expect(await create({ ...input, name: 'A' })).toBe('input.name must have at least 3 characters');
  expect(await create({ ...input, name: 'Other', idempotencyKey: 'key' })).toBe(
    'IDEMPOTENCY_MISMATCH',
  );
});
