import type { Database } from './database.js';
import { BackupError } from './errors.js';
import { type BackupOptions, type BackupSummary, backUpSqlite } from './sqlite/backup.js';

/**
 * Copies the database to a file while other processes write to it: all that was committed before the
 * call, and nothing of what came after its snapshot. The copy is checked and on disk before it takes
 * its place. Rejects with `BackupError`, or the reason of `signal`; nothing is left of the copy then.
 */
export async function backUp({
  database,
  ...options
}: BackupOptions & { database: Database }): Promise<BackupSummary> {
  if (database.kind === 'sqlite') return backUpSqlite(database.path, options);
  throw new BackupError(
    'backup copies a file, and DATABASE_URL names PostgreSQL: use pg_dump, or a base backup.',
  );
}
