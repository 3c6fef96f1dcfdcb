import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type MigrationMeta, readMigrationFiles } from 'drizzle-orm/migrator';
import type { Sql, TransactionSql } from 'postgres';
import { MigrationError } from '../errors.js';
import { faultOf, stateOf } from './faults.js';

const checkedIn = fileURLToPath(new URL('../../../drizzle/postgres', import.meta.url));

/** Long enough for all who start together to come after each other. */
const maxTries = 50;

/** Between two tries, in ms. */
const pauseBetweenTries = 100;

/** What another process that does the same at the same moment leads to. */
const raced = /^(23505|42P07|42710|40001|40P01|XX000)$/;

/**
 * Brings the tables up to the newest migration and resolves to how many were applied, all in one
 * transaction. Rejects with `MigrationError`, and changes nothing, when the database was used by a
 * newer version, or when a migration comes too late; `name` is how the message calls it.
 *
 * Many processes may do so at once: each says first which migrations it is about to apply, and the
 * primary key lets one alone, for the others wait and then see that it is done.
 */
export async function applyMigrations(
  client: Sql,
  name: string,
  folder = checkedIn,
): Promise<number> {
  const known = readMigrationFiles({ migrationsFolder: folder });
  for (let tries = 1; ; tries++) {
    try {
      const pending = pendingOf(await appliedDates(client), known, name);
      if (pending.length === 0) return 0;
      await client.unsafe(
        `create table if not exists __drizzle_migrations
          (created_at bigint primary key, hash text not null)`,
      );
      await client.begin((transaction) => applyAll(transaction, pending));
      return pending.length;
    } catch (error) {
      if (tries === maxTries || !raced.test(stateOf(error) ?? '')) throw explained(error, name);
      await pause(pauseBetweenTries * (0.5 + Math.random()));
    }
  }
}

/** The migrations of this version: how many a database lacks, and when the newest was made, in ms. */
export type MigrationStatus = { pending: number; newest: number };

/** Rejects with `MigrationError` when the database was used by a newer version. */
export async function migrationStatus(client: Sql, name: string): Promise<MigrationStatus> {
  const known = readMigrationFiles({ migrationsFolder: checkedIn });
  return {
    pending: pendingOf(await appliedDates(client), known, name).length,
    newest: Math.max(...known.map(({ folderMillis }) => folderMillis)),
  };
}

/** Whether a first start has been here. */
export async function hasTables(client: Sql): Promise<boolean> {
  return (await appliedDates(client)).size > 0;
}

async function appliedDates(client: Sql): Promise<Set<number>> {
  try {
    const rows = await client.unsafe<{ created_at: string }[]>(
      'select created_at from __drizzle_migrations',
    );
    return new Set(rows.map(({ created_at }) => Number(created_at)));
  } catch (error) {
    if (stateOf(error) === '42P01') return new Set();
    throw error;
  }
}

function pendingOf(applied: Set<number>, known: MigrationMeta[], name: string): MigrationMeta[] {
  const newest = Math.max(...applied);
  const pending = known.filter((migration) => !applied.has(migration.folderMillis));

  if (known.length - pending.length < applied.size) {
    throw new MigrationError(
      `The database ${name} has migrations that this version does not know: it was last used by a ` +
        'newer version. Start that one, or restore a backup.',
    );
  }
  if (pending.some((migration) => migration.folderMillis < newest)) {
    throw new MigrationError(
      'A migration is dated before the newest that the database has. Generate it again, so that ' +
        'it comes last.',
    );
  }
  return pending;
}

async function applyAll(transaction: TransactionSql, pending: MigrationMeta[]): Promise<void> {
  for (const { hash, folderMillis } of pending) {
    await transaction.unsafe(
      'insert into __drizzle_migrations (created_at, hash) values ($1, $2)',
      [folderMillis, hash],
    );
  }
  await transaction.unsafe('set local statement_timeout = 0');
  for (const statement of pending.flatMap(({ sql }) => sql)) await transaction.unsafe(statement);
  await indexSearches(transaction);
}

/**
 * The index of parts of names. It needs an extension that not every database lets its owner have;
 * without it a search looks at each customer of the corporation.
 */
async function indexSearches(transaction: TransactionSql): Promise<void> {
  await transaction
    .savepoint(async (savepoint) => {
      await savepoint.unsafe('create extension if not exists pg_trgm');
      await savepoint.unsafe(
        `create index if not exists customers_by_part_of_name on customers
          using gin (folded_name gin_trgm_ops)`,
      );
    })
    .catch((error) => {
      if (faultOf(error) !== 'own') throw error;
    });
}

function explained(error: unknown, name: string): unknown {
  const state = stateOf(error);
  if (state === null || faultOf(error) !== 'own') return error;
  return new MigrationError(
    `The migrations cannot be applied to ${name}: ${(error as Error).message}. The database is as ` +
      'it was. Is it one of another program, or may its user make no tables?',
    { cause: error },
  );
}
