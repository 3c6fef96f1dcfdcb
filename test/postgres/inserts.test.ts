import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openStorage } from '../../src/storage/open.js';
import type { Storage } from '../../src/storage/storage.js';
import { openDatabase, useDatabases } from '../support/database.js';

const newDatabase = useDatabases();

/** What is left to chance: what is taken, what is repeated, and what has expired since. */
const item = fc.record({
  corporation: fc.constantFrom('given', 'given', 'given', 'none'),
  externalId: fc.option(fc.constantFrom('a', 'b', 'c', 'd'), { nil: null }),
  key: fc.option(fc.constantFrom('a', 'b', 'c'), { nil: null }),
  fingerprint: fc.constantFrom('one', 'other'),
});
const call = fc.record({
  items: fc.array(item, { minLength: 1, maxLength: 10 }),
  key: fc.option(fc.constantFrom('a', 'b'), { nil: null, freq: 3 }),
});
type Call = typeof call extends fc.Arbitrary<infer Value> ? Value : never;

/** Calls of which each comes after the keys of the last but one have expired. */
const retention = 100;
const pause = 60;

let runs = 0;

test('many in one call fare as on SQLite, each after the one before', async () => {
  const sqlite = await openStorage({
    database: { kind: 'sqlite', path: ':memory:' },
    writeQueueLimit: 1000,
  });
  const postgres = await openDatabase(await newDatabase());
  const sequence = fc.array(call, { minLength: 1, maxLength: 4 });
  try {
    await fc.assert(
      fc.asyncProperty(sequence, async (calls) => {
        const run = `run_${++runs}`;
        const fared = await Promise.all(
          [sqlite, postgres].map((storage) => make(storage, run, calls)),
        );
        expect(fared[1]).toEqual(fared[0]);
      }),
      { numRuns: 300 },
    );
  } finally {
    await Promise.all([sqlite.close(), postgres.close()]);
  }
});

async function make({ corporations, customers }: Storage, run: string, calls: Call[]) {
  const given = { id: run, legalName: 'Acme', jurisdiction: 'US', createdAt: 0 };
  await corporations.insert(given, null);
  const outcomes: unknown[] = [];
  for (const [n, { items, key }] of calls.entries()) {
    const at = 1_000_000 + n * pause;
    const claim = (operation: string, key: string | null, fingerprint: string) =>
      key === null
        ? null
        : {
            ...{ tokenId: run, operation, key, fingerprint },
            ...{ claimedAt: at, validSince: at - retention },
          };
    const inserts = items.map(({ corporation, externalId, key, fingerprint }, index) => ({
      make: () => ({
        ...{ id: `cust_${run}_${n}_${index}`, name: 'Acme', externalId, version: 1 },
        ...{ corporationId: corporation === 'given' ? run : 'none', shippingAddress: null },
        ...{ email: null, sourcePlatform: null, sourcePlatformId: null },
        ...{ createdAt: at, updatedAt: at },
      }),
      claim: claim('one', key, fingerprint),
    }));
    outcomes.push(await customers.insertMany(inserts, claim('many', key, 'same')));
  }
  return outcomes;
}
