import type { Database } from 'better-sqlite3';
import { type MigrationMeta, readMigrationFiles } from 'drizzle-orm/migrator';
import { pathInPackage } from '../../package.js';
import { MigrationError } from '../errors.js';
import type { MigrationStatus } from '../inspector.js';
import { isOfMachine, reasonOf } from './faults.js';

const checkedIn = pathInPackage('drizzle');

/** Throws `MigrationError` when the file was written by a newer version. */
export function migrationStatus(sqlite: Database): MigrationStatus {
  const known = readMigrationFiles({ migrationsFolder: checkedIn });
  return {
    pending: pendingOf(sqlite, known).length,
    newest: Math.max(...known.map(({ folderMillis }) => folderMillis)),
    // With any, it would have thrown.
    unknown: 0,
  };
}

/**
 * Brings the tables up to the newest migration and returns how many were applied, all in one
 * transaction. Throws `MigrationError`, and changes nothing, when the file was written by a newer
 * version, when a migration comes too late, or when one leaves rows that refer to nothing.
 *
 * Drizzle's own migrator is not used, for it would do the last two without a word; its files and
 * its table are.
 */
export function applyMigrations(sqlite: Database, folder = checkedIn): number {
  const known = readMigrationFiles({ migrationsFolder: folder });
  // A file that is up to date is not locked, so that many processes can open it at once.
  if (pendingOf(sqlite, known).length === 0) return 0;

  // Inside a transaction `PRAGMA foreign_keys=OFF`, which drizzle-kit generates, does nothing, and
  // dropping a table to rebuild it then deletes the rows that refer to it:
  // https://sqlite.org/lang_altertable.html#otheralter
  sqlite.pragma('foreign_keys = OFF');
  try {
    return sqlite
      .transaction(() => {
        const pending = pendingOf(sqlite, known);
        for (const migration of pending) apply(sqlite, migration);
        checkReferences(sqlite);
        return pending.length;
      })
      .immediate();
  } finally {
    sqlite.pragma('foreign_keys = ON');
  }
}

function pendingOf(sqlite: Database, known: MigrationMeta[]): MigrationMeta[] {
  const applied = new Set(appliedDates(sqlite));
  const newest = Math.max(...applied);
  const pending = known.filter((migration) => !applied.has(migration.folderMillis));

  if (known.length - pending.length < applied.size) {
    throw new MigrationError(
      `The database ${sqlite.name} has migrations that this version does not know: it was last used ` +
        'by a newer version. Start that one, or restore a backup.',
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

function appliedDates(sqlite: Database): number[] {
  const table = sqlite.prepare("select 1 from sqlite_master where name = '__drizzle_migrations'");
  if (!table.get()) return [];
  return sqlite.prepare('select created_at from __drizzle_migrations').pluck().all() as number[];
}

function apply(sqlite: Database, { sql, hash, folderMillis }: MigrationMeta): void {
  sqlite.exec(`create table if not exists __drizzle_migrations
    (id integer primary key, hash text not null, created_at numeric)`);
  for (const statement of sql) run(sqlite, statement);
  sqlite
    .prepare('insert into __drizzle_migrations (hash, created_at) values (?, ?)')
    .run(hash, folderMillis);
}

function run(sqlite: Database, statement: string): void {
  try {
    sqlite.exec(statement);
  } catch (error) {
    throw new MigrationError(
      `A migration cannot be applied to ${sqlite.name}: ${reasonOf(error)} ` +
        `The database is as it was.${isOfMachine(error) ? '' : ' Is it one of another program?'}`,
      { cause: error },
    );
  }
}

function checkReferences(sqlite: Database): void {
  const orphans = sqlite.pragma('foreign_key_check') as { table: string }[];
  if (orphans.length === 0) return;
  const tables = [...new Set(orphans.map((orphan) => orphan.table))].join(', ');
  throw new MigrationError(
    `The migrations would leave ${orphans.length} rows that refer to nothing, in: ${tables}. ` +
      'The database is as it was.',
  );
}
