import { afterAll, beforeAll, expect, test } from 'vitest';
import { createCustomers } from '../src/customers/service.js';
import { createIdempotency } from '../src/idempotency.js';
import type { Storage } from '../src/storage/storage.js';
import { openDatabase, useDatabases } from './support/database.js';

const hour = 60 * 60 * 1000;
const viewer = { tokenId: 'tok_1', right: 'write', corporationIds: 'all' } as const;

const newDatabase = useDatabases();
let storage: Storage;
let now = Date.parse('2026-01-01T00:00:00Z');

beforeAll(async () => {
  storage = await openDatabase(await newDatabase());
  await storage.corporations.insert(
    { id: 'corp_1', legalName: 'Acme', jurisdiction: 'US', createdAt: now },
    null,
  );
});

afterAll(() => storage.close());

test('a key is remembered for 24 hours and may be used anew after that', async () => {
  const clock = () => now;
  const limits = { pageLimit: 100, bulkLimit: 500 };
  const customers = createCustomers(storage, createIdempotency(clock), limits, clock);
  const create = async (name: string, idempotencyKey: string) => {
    const input = { corporationId: 'corp_1', name };
    return (await customers.create(viewer, { input, idempotencyKey })).customer;
  };

  const first = await create('Acme', 'key');
  now += 24 * hour;
  const within = await create('Acme', 'key');
  now += 1;
  const after = await create('Globex', 'key');
  const repeat = await create('Globex', 'key');

  expect(within).toEqual(first);
  expect(after.name).toBe('Globex');
  expect(repeat).toEqual(after);
});
