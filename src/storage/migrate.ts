import { fileURLToPath } from 'node:url';
import type { Database } from 'better-sqlite3';
import { sql } from 'drizzle-orm';
import { type BetterSQLite3Database, drizzle } from 'drizzle-orm/better-sqlite3';
import { migrate } from 'drizzle-orm/better-sqlite3/migrator';
import { readMigrationFiles } from 'drizzle-orm/migrator';

const checkedIn = fileURLToPath(new URL('../../drizzle', import.meta.url));

/** The database and the migrations do not belong together; the message says what to do. */
export class MigrationError extends Error {}

/**
 * Brings the tables up to the newest migration and resolves to how many were applied.
 * Throws `MigrationError` when the file was written by a newer version, when a migration would be
 * skipped, or when one left rows that refer to nothing.
 */
export function applyMigrations(sqlite: Database, folder = checkedIn): number {
  const db = drizzle(sqlite);
  const known = readMigrationFiles({ migrationsFolder: folder });
  const before = appliedMigrations(db);
  const pending = known.length - before.length;

  if (pending < 0) {
    throw new MigrationError(
      `The database has ${before.length} migrations and this version knows ${known.length}: ` +
        'it was last used by a newer version. Start that one, or restore a backup.',
    );
  }
  if (pending === 0) return 0;

  // Inside the migrator's transaction `PRAGMA foreign_keys=OFF` does nothing, and rebuilding a
  // table would then cascade deletes to its children: https://sqlite.org/lang_altertable.html
  sqlite.pragma('foreign_keys = OFF');
  try {
    migrate(db, { migrationsFolder: folder });
    const orphans = sqlite.pragma('foreign_key_check') as { table: string }[];
    if (orphans.length > 0) {
      const tables = [...new Set(orphans.map((orphan) => orphan.table))].join(', ');
      throw new MigrationError(
        `After the migration ${orphans.length} rows refer to rows that are not there, in: ${tables}. ` +
          'Restore a backup and report this.',
      );
    }
  } finally {
    sqlite.pragma('foreign_keys = ON');
  }

  // The migrator only looks at the newest date and passes over an older one without a word.
  const missing = known.length - appliedMigrations(db).length;
  if (missing > 0) {
    throw new MigrationError(
      `${missing} migrations are dated before the newest that the database has, and were skipped. ` +
        'Generate them again, so that they are the newest.',
    );
  }
  return pending;
}

function appliedMigrations(db: BetterSQLite3Database): unknown[] {
  const exists = db.get(
    sql`select 1 from sqlite_master where type = 'table' and name = '__drizzle_migrations'`,
  );
  return exists ? db.all(sql`select hash from __drizzle_migrations`) : [];
}
