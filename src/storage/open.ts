import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/better-sqlite3';
import { createCorporationStore } from './corporations.js';
import { createCustomerStore } from './customers.js';
import { fold } from './fold.js';
import { createIdempotency } from './idempotency.js';
import { applyMigrations } from './migrate.js';
import { createReader } from './reader.js';
import { createSearchIndex } from './searchIndex.js';
import type { Storage, WriteObserver } from './storage.js';
import { createTokenStore } from './tokens.js';
import { createWriter } from './writer.js';

export type StorageOptions = {
  /** Where the database is: a path, or `:memory:`. Its folder is made when it is missing. */
  databasePath: string;
  /** Writes that may wait for their commit. */
  writeQueueLimit: number;
  observer?: WriteObserver;
};

/** The database cannot be opened; the message says which, and why. */
export class OpenError extends Error {}

/** How long, in ms, a write waits for another process (the command line, a backup) to let go. */
const lockTimeout = 5000;

/** How long, in ms, one statement may block the event loop on such a lock. */
const busyTimeout = 10;

/** Opens the database, applies the migrations that it lacks, and resolves to the storage. */
export async function openStorage(options: StorageOptions): Promise<Storage> {
  const sqlite = openDatabase(options.databasePath);
  try {
    applyMigrations(sqlite);
    sqlite.pragma(`busy_timeout = ${busyTimeout}`);
  } catch (error) {
    sqlite.close();
    throw error;
  }

  const pragma = (name: string) => sqlite.pragma(name, { simple: true }) as number;
  const db = drizzle(sqlite);
  const reader = createReader(sqlite);
  const writer = createWriter(sqlite, reader, {
    queueLimit: options.writeQueueLimit,
    lockTimeout,
    ...(options.observer && { observer: options.observer }),
  });
  const settleClaim = createIdempotency(db);
  const searchIndex = createSearchIndex(sqlite, writer);
  searchIndex.catchUp();

  return {
    customers: createCustomerStore(db, reader, writer, settleClaim, searchIndex),
    corporations: createCorporationStore(db, reader, writer, settleClaim),
    tokens: createTokenStore(db, reader, writer),
    async ping() {
      db.get(sql`select count(*) from __drizzle_migrations`);
    },
    stats: () => ({
      queuedWrites: writer.queued(),
      databaseBytes: pragma('page_count') * pragma('page_size'),
    }),
    async close() {
      searchIndex.close();
      await writer.drained();
      reader.end();
      sqlite.close();
    },
  };
}

/**
 * A connection with the settings that durability and speed rest on. Throws `OpenError` when there
 * is no database to be had at the path.
 */
export function openDatabase(path: string): BetterSqlite3.Database {
  try {
    if (path !== ':memory:') mkdirSync(dirname(path), { recursive: true });
    const sqlite = new BetterSqlite3(path, { timeout: lockTimeout });
    sqlite.pragma('journal_mode = WAL');
    // FULL, not WAL's usual NORMAL: what was answered must outlive a power cut.
    sqlite.pragma('synchronous = FULL');
    sqlite.pragma('foreign_keys = ON');
    // In KiB when negative. The pages that a batch touches fit in; more made nothing faster, for
    // the system caches the file too. Checkpoints are so far apart that each writes a page once.
    sqlite.pragma('cache_size = -16000');
    sqlite.pragma('wal_autocheckpoint = 10000');
    sqlite.function('fold', { deterministic: true }, (text) => fold(text as string));
    return sqlite;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new OpenError(`The database ${path} cannot be opened: ${reason}.`, { cause: error });
  }
}
