import { expect, test } from 'vitest';
import type { PostgresDatabase } from '../../src/storage/database.js';
import { parseDatabaseUrl } from '../../src/storage/databaseUrl.js';
import { createClient } from '../../src/storage/postgres/client.js';
import { useDatabases } from '../support/database.js';

const newDatabase = useDatabases();

/** As many statements of that length at once as that, and then a transaction. */
const crowds = [
  ...Array.from({ length: 10 }, (_, n) => ({ full: 0, lengths: Array(195 + n).fill(1) })),
  ...Array.from({ length: 40 }, (_, n) => ({ full: 30, lengths: [950 + n, 950 + n] })),
];

test.each(['disable', 'require'])(
  'a transaction has a connection for itself however much else is on its way, with sslmode=%s',
  async (sslmode) => {
    const url = `${await newDatabase()}?connection_limit=2&sslmode=${sslmode}`;
    const database = parseDatabaseUrl(url) as PostgresDatabase;
    const client = createClient(database, database.servers[0] as never, () => {});
    const echo = (length: number) =>
      client.unsafe('select $1::text', ['x'.repeat(length)], { prepare: true }).execute();
    try {
      for (let n = 0; n < 2; n++) await Promise.all([echo(1), echo(1), echo(1), echo(1)]);
      for (const { full, lengths } of crowds) {
        const others = [...Array(full).fill(980), ...lengths].map(echo);
        const begun = client.begin((transaction) => transaction.unsafe('select 1 as it'));
        expect(await begun).toMatchObject([{ it: 1 }]);
        await Promise.all(others);
      }
    } finally {
      await client.end({ timeout: 1 });
    }
  },
);
