import { accessSync, constants, existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/better-sqlite3';
import { OpenError } from '../errors.js';
import { fold } from '../fold.js';
import type { Storage, WriteOptions } from '../storage.js';
import { createCondition } from './condition.js';
import { createCorporationStore } from './corporations.js';
import { createCounts } from './counts.js';
import { createCustomerStore } from './customers.js';
import { reasonOf } from './faults.js';
import { createIdempotency } from './idempotency.js';
import { applyMigrations } from './migrate.js';
import { createReader } from './reader.js';
import { createSearchIndex } from './searchIndex.js';
import { createTokenStore } from './tokens.js';
import { createWriter } from './writer.js';

/** How long, in ms, a write waits for another process (the command line, a backup) to let go. */
const lockTimeout = 5000;

/** How long, in ms, one statement may block the event loop on such a lock. */
const busyTimeout = 10;

/** As `openStorage`, of the file at the path, or of `:memory:`. */
export async function openSqlite(path: string, options: WriteOptions): Promise<Storage> {
  const sqlite = openDatabase(path);
  try {
    applyMigrations(sqlite);
    sqlite.pragma(`busy_timeout = ${busyTimeout}`);
    return createStorage(sqlite, options);
  } catch (error) {
    sqlite.close();
    throw explained(error, sqlite.name);
  }
}

/** As `migrateDatabase`, of the file at the path. */
export function migrateSqlite(path: string): number {
  const sqlite = openDatabase(path);
  try {
    return applyMigrations(sqlite);
  } catch (error) {
    throw explained(error, path);
  } finally {
    sqlite.close();
  }
}

export function sqliteExists(path: string): boolean {
  return path === ':memory:' || existsSync(path);
}

function createStorage(
  sqlite: BetterSqlite3.Database,
  { writeQueueLimit, observer }: WriteOptions,
): Storage {
  const pragma = (name: string) => sqlite.pragma(name, { simple: true }) as number;
  const db = drizzle(sqlite);
  const condition = createCondition();
  const reader = createReader(sqlite, condition);
  const writer = createWriter(sqlite, reader, condition, {
    queueLimit: writeQueueLimit,
    lockTimeout,
    ...(observer && { observer }),
  });
  const settleClaim = createIdempotency(db);
  const counts = createCounts(sqlite);
  const searchIndex = createSearchIndex(sqlite, writer, counts);
  searchIndex.catchUp();

  const opened = sqlite.memory ? null : statSync(sqlite.name);

  /** Without its name the file is gone when the process ends, and all that was written with it. */
  function expectInPlace(): void {
    if (!opened) return;
    const found = statSync(sqlite.name, { throwIfNoEntry: false });
    if (found?.ino === opened.ino && found.dev === opened.dev) return;
    throw new OpenError(
      `The database ${sqlite.name} was moved, replaced or deleted while it was in use. ` +
        'Put it back, or stop the service before you put another there.',
    );
  }

  // Sets a value that is not used to what it is; SQLite writes the page all the same.
  const proof = sqlite.prepare('PRAGMA user_version = 0');
  let proving: Promise<unknown> | null = null;

  /** Writes a page that says what it said before, once for all who ask meanwhile. */
  function proveWritable(): Promise<unknown> {
    proving ??= writer
      .write(() => proof.run())
      .finally(() => {
        proving = null;
      });
    return proving;
  }

  return {
    customers: createCustomerStore(db, reader, writer, settleClaim, searchIndex, counts),
    corporations: createCorporationStore(db, reader, writer, settleClaim),
    tokens: createTokenStore(db, reader, writer),
    flush: writer.flush,
    async ping() {
      // Where one page is spoiled others may be, and the next write may make it worse.
      if (condition.damage) throw condition.damage;
      expectInPlace();
      await reader.read(() => db.get(sql`select count(*) from __drizzle_migrations`));
      if (!condition.writable) await proveWritable();
    },
    stats: async () => ({
      queuedWrites: writer.queued(),
      databaseBytes: pragma('page_count') * pragma('page_size'),
    }),
    async close() {
      searchIndex.close();
      await writer.drained();
      reader.close();
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
    if (path !== ':memory:') makeWritable(path);
    const sqlite = new BetterSqlite3(path, { timeout: lockTimeout });
    sqlite.pragma('journal_mode = WAL');
    // FULL, not WAL's usual NORMAL: what was answered must outlive a power cut.
    sqlite.pragma('synchronous = FULL');
    sqlite.pragma('foreign_keys = ON');
    // In KiB when negative. The pages that a batch touches fit in; more made nothing faster, for
    // the system caches the file too.
    sqlite.pragma('cache_size = -16000');
    // Of so many pages a checkpoint stops all else for some 8 ms; further apart they take less
    // altogether, and longer each.
    sqlite.pragma('wal_autocheckpoint = 2500');
    sqlite.function('fold', { deterministic: true }, (text) => fold(text as string));
    return sqlite;
  } catch (error) {
    throw toOpenError(path, error);
  }
}

/** Makes the folder; throws when there are no writes to be had, which SQLite would find too late. */
function makeWritable(path: string): void {
  const folder = dirname(path);
  mkdirSync(folder, { recursive: true });
  accessSync(folder, constants.W_OK);
  if (existsSync(path)) accessSync(path, constants.R_OK | constants.W_OK);
}

function explained(error: unknown, path: string): unknown {
  return error instanceof BetterSqlite3.SqliteError ? toOpenError(path, error) : error;
}

function toOpenError(path: string, error: unknown): OpenError {
  return new OpenError(`The database ${path} cannot be opened: ${reasonOf(error)}`, {
    cause: error,
  });
}
