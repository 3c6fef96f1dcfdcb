import type { Database } from './database.js';
import type { Inspector } from './inspector.js';
import { inspectSqlite } from './sqlite/inspect.js';

/** To look at the database, also while the service runs. Whoever asks closes it in the end. */
export async function inspectDatabase(database: Database): Promise<Inspector> {
  return database.kind === 'sqlite'
    ? inspectSqlite(database.path)
    : (await import('./postgres/inspect.js')).inspectPostgres(database);
}
