import type { PostgresDatabase } from './database.js';
import type { PostgresState } from './postgres/inspect.js';

export { databaseSize, type Inspector, inspectDatabase } from './sqlite/inspect.js';
export type { PostgresState };

/** Looks at a database of PostgreSQL and changes nothing. Rejects with `OpenError` or `MigrationError`. */
export async function inspectPostgres(database: PostgresDatabase): Promise<PostgresState> {
  return (await import('./postgres/inspect.js')).inspect(database);
}
