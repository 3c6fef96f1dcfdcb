import { existsSync, statSync } from 'node:fs';
import BetterSqlite3, { type Database } from 'better-sqlite3';
import { OpenError } from '../errors.js';
import type { Milliseconds, Token } from '../storage.js';
import { reasonOf } from './faults.js';
import { type MigrationStatus, migrationStatus } from './migrate.js';

/** Looks at a database and changes nothing; each throws `OpenError` when it cannot be read. */
export type Inspector = {
  /** Why the pages are not as they must be, as SQLite says it; none when all are sound. */
  damage(): string[];
  /** The tables that have rows which refer to nothing. */
  orphanedIn(): string[];
  /** Throws `MigrationError` when the database is from a newer version. */
  migrations(): MigrationStatus;
  /** Whether it has tables, but none of Clientele. */
  foreign(): boolean;
  /** The latest time that a row was written at, by its own account; null when there is no row. */
  newest(): Milliseconds | null;
  corporations(): number;
  tokens(): Pick<Token, 'expiresAt' | 'revokedAt'>[];
  close(): void;
};

/** As many kinds of damage as are told: more than anyone reads. */
const maxDamage = 3;

/** Opens a database to look at it, also while the service runs. Throws `OpenError`. */
export function inspectDatabase(path: string): Inspector {
  const sqlite = openToRead(path);
  const all = <T>(sql: string) => read(path, () => sqlite.prepare<[], T>(sql).all());
  const one = <T>(sql: string) => read(path, () => sqlite.prepare<[], T>(sql).pluck().get()) as T;
  return {
    damage: () =>
      all<{ integrity_check: string }>(`PRAGMA integrity_check(${maxDamage})`)
        .map(({ integrity_check }) => integrity_check)
        .filter((line) => line !== 'ok'),
    orphanedIn: () => [
      ...new Set(all<{ table: string }>('PRAGMA foreign_key_check').map(({ table }) => table)),
    ],
    migrations: () => read(path, () => migrationStatus(sqlite)),
    foreign: () =>
      one<number>(`select count(*) from sqlite_master where type = 'table'`) > 0 &&
      !hasTables(sqlite),
    newest: () =>
      one<number | null>(
        `select max(at) from (select max(updated_at) as at from customers
          union all select max(created_at) from corporations
          union all select max(created_at) from tokens)`,
      ),
    corporations: () => one<number>('select count(*) from corporations'),
    tokens: () =>
      all<Pick<Token, 'expiresAt' | 'revokedAt'>>(
        'select expires_at as expiresAt, revoked_at as revokedAt from tokens',
      ),
    close: () => sqlite.close(),
  };
}

/**
 * A connection that changes nothing. Throws `OpenError`.
 *
 * To read a database without a `-wal` SQLite makes one, and a connection that may only read leaves it
 * behind. So that one is opened to write, and forbidden to; with a `-wal` the last connection would
 * write that into the database, and with a `-journal` the first would undo what that is of.
 */
export function openToRead(path: string): BetterSqlite3.Database {
  return read(path, () => {
    const readonly = [walOf(path), `${path}-journal`].some((file) => existsSync(file));
    const connection = new BetterSqlite3(path, { readonly, fileMustExist: true });
    connection.pragma('query_only = ON');
    return connection;
  });
}

/** The size of a database and of what is beside it until the next checkpoint, in bytes. */
export function databaseSize(path: string): { database: number; wal: number } {
  const sizeOf = (file: string) => (existsSync(file) ? statSync(file).size : 0);
  return { database: sizeOf(path), wal: sizeOf(walOf(path)) };
}

function walOf(path: string): string {
  return `${path}-wal`;
}

/** Whether it is one of Clientele. */
export function hasTables(sqlite: Database): boolean {
  const sql = `select 1 from sqlite_master where name = '__drizzle_migrations'`;
  return sqlite.prepare(sql).get() !== undefined;
}

function read<T>(path: string, look: () => T): T {
  try {
    return look();
  } catch (error) {
    if (!(error instanceof BetterSqlite3.SqliteError)) throw error;
    throw new OpenError(`The database ${path} cannot be read: ${reasonOf(error)}`, {
      cause: error,
    });
  }
}
