import { asc, eq, getTableColumns, sql } from 'drizzle-orm';
import type { TokenStore } from '../storage.js';
import type { Reader } from './reader.js';
import { type Connection, prepareGet } from './statement.js';
import { tokens } from './tables.js';
import type { Writer } from './writer.js';

export function createTokenStore(db: Connection, reader: Reader, writer: Writer): TokenStore {
  const selectByHash = prepareGet(
    db,
    getTableColumns(tokens),
    db
      .select()
      .from(tokens)
      .where(eq(tokens.hash, sql.placeholder('hash'))),
  );
  const selectAll = db
    .select()
    .from(tokens)
    .orderBy(asc(tokens.createdAt), asc(tokens.id))
    .prepare();

  return {
    byHash: (hash) => reader.read(() => selectByHash({ hash })),
    all: () => reader.read(() => selectAll.all()),
    insert: (token) =>
      writer.write(() => {
        db.insert(tokens).values(token).run();
      }),
    revoke: (id, at) =>
      writer.write(() => {
        // The first revocation is the one that counts.
        const revokedAt = sql`coalesce(${tokens.revokedAt}, ${at})`;
        return db.update(tokens).set({ revokedAt }).where(eq(tokens.id, id)).run().changes > 0;
      }),
  };
}
