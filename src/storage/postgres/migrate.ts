import { setTimeout as pause } from 'node:timers/promises';
import { type MigrationMeta, readMigrationFiles } from 'drizzle-orm/migrator';
import type { Sql, TransactionSql } from 'postgres';
import { pathInPackage } from '../../package.js';
import { MigrationError } from '../errors.js';
import type { MigrationStatus } from '../inspector.js';
import { type Engine, engineOf } from './engine.js';
import { faultOf, stateOf } from './faults.js';
import type { Queries } from './run.js';

const checkedIn = pathInPackage('drizzle/postgres');

/** Long enough for all who start together to come after each other. */
const maxTries = 50;

/** Between two tries, in ms. */
const pauseBetweenTries = 100;

/** What another process that does the same at the same moment leads to, and a table that is in use. */
const raced = /^(23505|42P07|42710|40001|40P01|XX000|55P03)$/;

/** There is a table or an index, a constraint or a column of that name already. */
const isThere = /^(42P07|42710|42701)$/;

/** For so long a migration waits for a table, and whoever wants that table waits behind it. */
const lockTimeout = '1s';

/**
 * Brings the tables up to the newest migration and resolves to how many were applied: all in one
 * transaction on PostgreSQL, and statement by statement where tables are not made in transactions.
 * Rejects with `MigrationError`, and changes nothing, when a newer version has taken away
 * what this one needs, or when a migration comes too late; `name` is how the message calls it.
 *
 * A newer version that has only added something is no hindrance, so that this one can be started
 * again while that one is rolled out; there is a warning.
 *
 * Many processes may do so at once: each says first which migrations it is about to apply, and the
 * primary key lets one alone, for the others wait and then see that it is done.
 */
export async function applyMigrations(
  client: Sql,
  name: string,
  folder = checkedIn,
): Promise<number> {
  const known = readMigrations(folder);
  for (let tries = 1; ; tries++) {
    try {
      const { pending, unknown } = compare(await appliedIn(client), known, name);
      if (pending.length === 0) {
        if (unknown > 0) process.emitWarning(newer(name), 'MigrationWarning');
        return 0;
      }
      await client.unsafe(
        `create table if not exists __drizzle_migrations
          (created_at bigint primary key, hash text not null, needs bigint)`,
      );
      const engine = await engineOf(client);
      if (engine !== 'PostgreSQL') await applyEach(client, pending, engine);
      else await client.begin((transaction) => applyAll(transaction, pending));
      return pending.length;
    } catch (error) {
      if (tries === maxTries || !raced.test(stateOf(error) ?? '')) throw explained(error, name);
      await pause(pauseBetweenTries * (0.5 + Math.random()));
    }
  }
}

/** Rejects with `MigrationError` when a newer version has taken away what this one needs. */
export async function migrationStatus(client: Sql, name: string): Promise<MigrationStatus> {
  const known = readMigrations(checkedIn);
  const { pending, unknown } = compare(await appliedIn(client), known, name);
  return {
    pending: pending.length,
    newest: Math.max(...known.map(({ folderMillis }) => folderMillis)),
    unknown,
  };
}

/** Whether a first start has been here. */
export async function hasTables(client: Sql): Promise<boolean> {
  return (await appliedIn(client)).size > 0;
}

/**
 * A migration and, where it takes something away, the date of the one that a version must know to do
 * without. The file says so: `-- contract: needs 0003_phone`.
 */
type Migration = MigrationMeta & { needs: number | null };

function readMigrations(migrationsFolder: string): Migration[] {
  const migrations = readMigrationFiles({ migrationsFolder });
  return migrations.map((migration, index) => {
    const [, needed] = /^-- contract: needs (\d{4})_/m.exec(migration.sql.join('\n')) ?? [];
    if (needed === undefined) return { ...migration, needs: null };
    const earlier = migrations.slice(0, index)[Number(needed)];
    if (!earlier) throw new MigrationError(`A migration needs ${needed}, which is not before it.`);
    return { ...migration, needs: earlier.folderMillis };
  });
}

/** What each migration needs that a database has, by its date. */
async function appliedIn(client: Sql): Promise<Map<number, number | null>> {
  try {
    const rows = await client.unsafe<{ created_at: string; needs: string | null }[]>(
      'select created_at, needs from __drizzle_migrations',
    );
    return new Map(
      rows.map(({ created_at, needs }) => [
        Number(created_at),
        needs === null ? null : Number(needs),
      ]),
    );
  } catch (error) {
    if (stateOf(error) === '42P01') return new Map();
    throw error;
  }
}

function compare(
  applied: Map<number, number | null>,
  known: Migration[],
  name: string,
): { pending: Migration[]; unknown: number } {
  const newest = Math.max(...applied.keys());
  const pending = known.filter((migration) => !applied.has(migration.folderMillis));
  const dates = new Set(known.map(({ folderMillis }) => folderMillis));
  const unknown = [...applied].filter(([date]) => !dates.has(date));

  if (unknown.some(([, needs]) => needs !== null && !dates.has(needs))) {
    throw new MigrationError(
      `The database ${name} lacks what this version needs: a newer version has taken it away. ` +
        'Start that one, or restore a backup.',
    );
  }
  if (pending.some((migration) => migration.folderMillis < newest)) {
    throw new MigrationError(
      'A migration is dated before the newest that the database has. Generate it again, so that ' +
        'it comes last.',
    );
  }
  return { pending, unknown: unknown.length };
}

function newer(name: string): string {
  return (
    `The database ${name} has migrations of a newer version. This one works on it meanwhile; ` +
    'replace it soon.'
  );
}

const record = 'insert into __drizzle_migrations (created_at, hash, needs) values ($1, $2, $3)';

async function applyAll(transaction: TransactionSql, pending: Migration[]): Promise<void> {
  for (const { hash, folderMillis, needs } of pending) {
    await transaction.unsafe(record, [folderMillis, hash, needs]);
  }
  await transaction.unsafe('set local statement_timeout = 0');
  await transaction.unsafe(`set local lock_timeout = '${lockTimeout}'`);
  for (const statement of pending.flatMap(({ sql }) => sql)) await transaction.unsafe(statement);
  for (const statement of searchIndex) {
    await unlessRefused(transaction.savepoint((savepoint) => savepoint.unsafe(statement)));
  }
}

/**
 * Applies what each commits by itself, so that it is recorded last. What broke off is done once more:
 * what is there already is left as it is, also when another process made it at the same moment.
 */
async function applyEach(client: Sql, pending: Migration[], engine: Engine): Promise<void> {
  const connection = await client.reserve();
  try {
    await connection.unsafe('set statement_timeout = 0');
    for (const { sql, hash, folderMillis, needs } of pending) {
      for (const statement of sql) await unlessThere(connection, written(statement, engine));
      const values = [folderMillis, hash, needs];
      await connection.unsafe(`${record} on conflict (created_at) do nothing`, values);
    }
    for (const statement of searchIndex) await unlessRefused(connection.unsafe(statement));
    await connection.unsafe('reset statement_timeout');
    connection.release();
  } catch (error) {
    // The driver would give out a connection that is no more.
    if (faultOf(error) !== 'lost') connection.release();
    throw error;
  }
}

/** CockroachDB compares all text byte by byte, and takes no column that says so. */
function written(statement: string, engine: Engine): string {
  return engine === 'CockroachDB' ? statement.replaceAll(' collate "C"', '') : statement;
}

async function unlessThere(connection: Queries, statement: string): Promise<void> {
  try {
    await connection.unsafe(statement);
  } catch (error) {
    if (!isThere.test(stateOf(error) ?? '')) throw error;
  }
}

/**
 * The index of parts of names. It needs an extension that not every database lets its owner have;
 * without it a search looks at each customer of the corporation.
 */
const searchIndex = [
  'create extension if not exists pg_trgm',
  `create index if not exists customers_by_part_of_name on customers
    using gin (folded_name gin_trgm_ops)`,
];

async function unlessRefused(work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (faultOf(error) !== 'own') throw error;
  }
}

function explained(error: unknown, name: string): unknown {
  const state = stateOf(error);
  if (state === null || faultOf(error) !== 'own') return error;
  return new MigrationError(
    `The migrations cannot be applied to ${name}: ${(error as Error).message}. The next start tries ` +
      'again. Is it a database of another program, or may its user make no tables?',
    { cause: error },
  );
}
