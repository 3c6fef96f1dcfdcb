import { existsSync, statSync } from 'node:fs';
import BetterSqlite3, { type Database } from 'better-sqlite3';
import { OpenError } from '../errors.js';
import type { Inspector, Place } from '../inspector.js';
import { reasonOf } from './faults.js';
import { migrationStatus } from './migrate.js';

/** As many kinds of damage as are told: more than anyone reads. */
const maxDamage = 3;

/** As `inspectDatabase`, of the file at the path, or of `:memory:`. */
export function inspectSqlite(path: string): Inspector {
  let sqlite: Database | undefined;
  const look = async <T>(work: (sqlite: Database) => T): Promise<T> =>
    read(path, () => {
      sqlite ??= openToRead(path);
      return work(sqlite);
    });
  const all = <T>(sql: string) => look((sqlite) => sqlite.prepare<[], T>(sql).all());
  const one = <T>(sql: string) =>
    look((sqlite) => sqlite.prepare<[], T>(sql).pluck().get()) as Promise<T>;
  return {
    place: async () => (path === ':memory:' ? { type: 'memory' } : fileAt(path)),
    foreign: async () =>
      (await one<number>(`select count(*) from sqlite_master where type = 'table'`)) > 0 &&
      !(await look(hasTables)),
    async integrity() {
      const lines = await all<{ integrity_check: string }>(`PRAGMA integrity_check(${maxDamage})`);
      const damage = lines
        .map(({ integrity_check }) => integrity_check)
        .filter((line) => line !== 'ok');
      if (damage.length > 0) return { damage, orphanedIn: [] };
      const orphans = await all<{ table: string }>('PRAGMA foreign_key_check');
      return { damage, orphanedIn: [...new Set(orphans.map(({ table }) => table))] };
    },
    migrations: () => look(migrationStatus),
    newest: () =>
      one<number | null>(
        `select max(at) from (select max(updated_at) as at from customers
          union all select max(created_at) from corporations
          union all select max(created_at) from tokens)`,
      ),
    corporations: () => one<number>('select count(*) from corporations'),
    tokens: () => all('select expires_at as expiresAt, revoked_at as revokedAt from tokens'),
    close: async () => void sqlite?.close(),
  };
}

/**
 * A connection that changes nothing. Throws `OpenError`.
 *
 * It is opened to write, with `query_only`, since a connection that may only read makes a `-wal` and leaves
 * it behind. Beside a `-wal`, which closing would write into the database, or a `-journal`, which opening
 * would roll back, it is opened to read alone.
 */
export function openToRead(path: string): Database {
  return read(path, () => {
    const readonly = [walOf(path), `${path}-journal`].some((file) => existsSync(file));
    const connection = new BetterSqlite3(path, { readonly, fileMustExist: true });
    connection.pragma('query_only = ON');
    return connection;
  });
}

function fileAt(path: string): Place {
  const sizeOf = (file: string) => (existsSync(file) ? statSync(file).size : 0);
  return { type: 'file', path, bytes: sizeOf(path), walBytes: sizeOf(walOf(path)) };
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
