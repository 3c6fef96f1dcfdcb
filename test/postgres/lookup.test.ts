import { expect, test } from 'vitest';
import { parseDatabaseUrl } from '../../src/storage/databaseUrl.js';
import { openStorage } from '../../src/storage/open.js';
import { createLookup } from '../../src/storage/postgres/lookup.js';
import { useDatabases } from '../support/database.js';

const newDatabase = useDatabases();

/** A look-up that finds texts by their first letter, and what it was asked for each time. */
function useLookup(texts: string[]) {
  const asked: string[][] = [];
  const lookup = createLookup(
    async (letters) => {
      asked.push(letters);
      if (letters.includes('!')) throw new Error('No letter');
      return texts;
    },
    (text) => text.charAt(0),
  );
  return { lookup, asked };
}

test('What is looked up in one turn is asked for together, and each gets its own', async () => {
  const { lookup, asked } = useLookup(['apple', 'banana']);
  expect(await Promise.all(['b', 'a', 'c', 'b'].map(lookup))).toEqual([
    ...['banana', 'apple', null, 'banana'],
  ]);
  expect(asked).toEqual([['b', 'a', 'c']]);
});

test('A look-up that comes later is asked for anew', async () => {
  const { lookup, asked } = useLookup(['apple']);
  await lookup('a');
  await lookup('a');
  expect(asked).toEqual([['a'], ['a']]);
});

test('A failure reaches each that waited, and nobody after them', async () => {
  const { lookup } = useLookup(['apple']);
  const results = await Promise.allSettled([lookup('a'), lookup('!')]);
  expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(await lookup('a')).toBe('apple');
});

test('Corporations that are looked up at once are found by their own ids', async () => {
  const database = parseDatabaseUrl(await newDatabase());
  const storage = await openStorage({ database, writeQueueLimit: 10 });
  try {
    const ids = ['corp_a', "corp_'b", 'corp_"c', 'corp_ü'];
    for (const id of ids) {
      const corporation = { id, legalName: `Of ${id}`, jurisdiction: 'US', createdAt: 0 };
      await storage.corporations.insert(corporation, null);
    }
    const found = await Promise.all(
      [...ids, 'corp_none', 'corp_\0'].map((id) => storage.corporations.byId(id)),
    );
    expect(found.map((corporation) => corporation?.legalName ?? null)).toEqual([
      ...ids.map((id) => `Of ${id}`),
      null,
      null,
    ]);
  } finally {
    await storage.close();
  }
});
