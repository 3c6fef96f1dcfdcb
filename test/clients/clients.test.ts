import { describe, expect, test } from 'vitest';
import { useService } from '../support/service.js';
import { clients } from './clients.js';
import { createCustomer, listCustomers } from './documents.js';
import type { ListCustomersQuery } from './generated/graphql.js';

const service = useService();

describe.each(clients)('$name', ({ connect, codesOf }) => {
  const connected = (token: string | null = service.current.firstToken) =>
    connect(`${service.current.url}/graphql`, token);

  test('creates a customer', async () => {
    const input = { corporationId: 'corp_123', name: 'Acme', email: 'ada@example.com' };
    const { createCustomer: result } = await connected().run(createCustomer, { input });
    expect(result).toMatchObject({
      __typename: 'CreateCustomerSuccess',
      replayed: false,
      customer: { id: expect.stringMatching(/^cust_/), name: 'Acme', email: 'ada@example.com' },
    });
  });

  test('gets all that is wrong with an input as data, with the paths to it', async () => {
    const input = { corporationId: 'corp_123', name: 'A', shippingAddress: { country: 'USA' } };
    const { createCustomer: result } = await connected().run(createCustomer, { input });
    expect(result).toMatchObject({
      __typename: 'InvalidInputError',
      code: 'INVALID_INPUT',
      issues: [
        { path: ['input', 'name'], code: 'TOO_SHORT' },
        { path: ['input', 'shippingAddress', 'country'], code: 'INVALID_COUNTRY' },
      ],
    });
  });

  test('gets the customer that an external id belongs to with the conflict', async () => {
    const corporationId = await service.current.newCorporation();
    const create = (name: string) =>
      connected().run(createCustomer, { input: { corporationId, name, externalId: 'ext_1' } });
    await create('First');
    const { createCustomer: result } = await create('Second');
    expect(result).toMatchObject({
      __typename: 'ConflictError',
      code: 'CONFLICT',
      path: ['input', 'externalId'],
      existing: { name: 'First' },
    });
  });

  test('throws what is no data, with its code', async () => {
    const variables = { corporationId: 'corp_123', first: 1 };
    for (const token of [null, 'clientele_of_nobody']) {
      const error = await connected(token)
        .run(listCustomers, variables)
        .catch((reason: unknown) => reason);
      expect(codesOf(error), `with the token ${token}`).toEqual(['UNAUTHENTICATED']);
    }
  });

  test('pages through a list to its end', async () => {
    const corporationId = await service.current.newCorporation();
    const client = connected();
    for (const name of ['One', 'Two', 'Three', 'Four', 'Five']) {
      await client.run(createCustomer, { input: { corporationId, name } });
    }
    const pages: string[][] = [];
    let after: string | null = null;
    do {
      const { customers }: ListCustomersQuery = await client.run(listCustomers, {
        corporationId,
        first: 2,
        after,
      });
      expect(customers.totalCount).toBe(5);
      pages.push(customers.nodes.map(({ name }) => name));
      after = customers.pageInfo.hasNextPage ? customers.pageInfo.endCursor : null;
    } while (after !== null);
    expect(pages).toEqual([['Five', 'Four'], ['Three', 'Two'], ['One']]);
  });
});
