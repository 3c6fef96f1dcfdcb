import type { Database } from './database.js';
import { migrateSqlite, openSqlite, sqliteExists } from './sqlite/open.js';
import type { Storage, WriteOptions } from './storage.js';

export type StorageOptions = WriteOptions & { database: Database };

/**
 * Opens the database, applies the migrations that it lacks, and resolves to the storage. Rejects
 * with `OpenError` or `MigrationError` when that cannot be.
 */
export async function openStorage({ database, ...options }: StorageOptions): Promise<Storage> {
  return database.kind === 'sqlite'
    ? openSqlite(database.path, options)
    : (await loadPostgres()).openPostgres(database, options);
}

/** Applies the migrations that the database lacks, and returns how many; rejects as `openStorage`. */
export async function migrateDatabase(database: Database): Promise<number> {
  return database.kind === 'sqlite'
    ? migrateSqlite(database.path)
    : (await loadPostgres()).migratePostgres(database);
}

/** Whether an earlier start has made it. */
export async function databaseExists(database: Database): Promise<boolean> {
  return database.kind === 'sqlite'
    ? sqliteExists(database.path)
    : (await loadPostgres()).postgresExists(database);
}

/** Loaded only where it is wanted, since a start takes longer with it. */
function loadPostgres() {
  return import('./postgres/open.js');
}
