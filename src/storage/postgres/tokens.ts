import { asc, eq, getTableColumns, sql } from 'drizzle-orm';
import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core';
import type { TokenStore } from '../storage.js';
import { createLookup } from './lookup.js';
import type { Run } from './run.js';
import { isOneOf, prepare, prepareRun } from './statement.js';
import { tokens } from './tables.js';
import type { WriteQueue } from './writeQueue.js';

const columns = getTableColumns(tokens);

export function createTokenStore(
  db: PgDatabase<PgQueryResultHKT>,
  run: Run,
  queue: WriteQueue,
): TokenStore {
  const selectByHashes = prepare(
    columns,
    db.select().from(tokens).where(isOneOf(tokens.hash, 'hashes')),
  );
  const findByHash = createLookup(
    (hashes) => run.read((client) => selectByHashes(client, { hashes })),
    ({ hash }) => hash,
  );
  const selectAll = prepare(
    columns,
    db.select().from(tokens).orderBy(asc(tokens.createdAt), asc(tokens.id)),
  );
  const insertOne = prepareRun(
    db.insert(tokens).values({
      id: sql.placeholder('id'),
      name: sql.placeholder('name'),
      hash: sql.placeholder('hash'),
      corporationIds: sql.placeholder('corporationIds'),
      right: sql.placeholder('right'),
      createdAt: sql.placeholder('createdAt'),
      expiresAt: sql.placeholder('expiresAt'),
      revokedAt: sql.placeholder('revokedAt'),
    }),
  );
  const revokedAt = sql.param(sql.placeholder('at'), tokens.revokedAt);
  const revokeOne = prepareRun(
    db
      .update(tokens)
      // The first revocation is the one that counts.
      .set({ revokedAt: sql`coalesce(${tokens.revokedAt}, ${revokedAt}::timestamptz)` })
      .where(eq(tokens.id, sql.placeholder('id'))),
  );

  return {
    byHash: findByHash,
    all: () => run.read((client) => selectAll(client, {})),
    insert: (token) =>
      queue.write(async () => {
        await run.transaction((transaction) => insertOne(transaction, token));
      }),
    revoke: (id, at) =>
      queue.write(
        async () =>
          (await run.transaction((transaction) => revokeOne(transaction, { id, at }))) > 0,
      ),
  };
}
