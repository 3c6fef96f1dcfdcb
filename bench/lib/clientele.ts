import { copyFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import BetterSqlite3, { type Database } from 'better-sqlite3';
import { reference } from '../workload/reference.js';
import { main } from './paths.js';
import { type RunningServer, run, startServer } from './processes.js';

/** A database with Clientele's own tables, one corporation and one token, for all to start from. */
export type Template = { file: string; token: string };

/** Runs Clientele's command line on a database. */
export function clientele(
  database: string,
  args: readonly string[],
  input?: AsyncIterable<string>,
): Promise<string> {
  return run(process.execPath, [main, ...args], {
    env: { DATABASE_URL: database },
    ...(input && { input }),
  });
}

export async function createTemplate(folder: string): Promise<Template> {
  if (!existsSync(main)) throw new Error('Build Clientele first: npm run build');
  const file = join(folder, 'template.db');
  return { file, token: await prepareDatabase(file) };
}

/** Makes the tables, the corporation of the reference request and a token, to which it resolves. */
export async function prepareDatabase(database: string): Promise<string> {
  const { corporationId } = reference;
  await clientele(database, [
    ...['corporation', 'create', '--legal-name', 'Example', '--jurisdiction', 'US'],
    ...['--id', corporationId],
  ]);
  const token = await clientele(database, ['token', 'create', '--all', '--name', 'bench']);
  return token.trim();
}

export function copyTemplate(template: Template, folder: string, name: string): string {
  const file = join(folder, `${name}.db`);
  copyFileSync(template.file, file);
  return file;
}

/** Starts Clientele as its users do, with the log on; one token sends all of the load here. */
export function startClientele(
  database: string,
  folder: string,
  {
    name = 'clientele',
    env = {},
    pollEvery,
  }: { name?: string; env?: NodeJS.ProcessEnv; pollEvery?: number } = {},
): Promise<RunningServer> {
  return startServer(name, [main, 'serve'], {
    folder,
    env: { PORT: '0', DATABASE_URL: database, LOG_LEVEL: 'info', RATE_LIMIT: 'off', ...env },
    ...(pollEvery && { pollEvery }),
  });
}

/** How many customers a database has; it may be in use. */
export function countRows(file: string): number {
  return reading(file, (database) => {
    return database.prepare('select count(*) from customers').pluck().get() as number;
  });
}

/** `count` ids, spread over the customers of the corporation of the reference request. */
export function sampleIds(file: string, count: number): string[] {
  return reading(file, (database) => {
    const ids = database
      .prepare('select id from customers where corporation_id = ? order by id')
      .pluck()
      .all(reference.corporationId) as string[];
    const step = ids.length / count;
    return Array.from({ length: count }, (_, n) => ids[Math.floor(n * step)] ?? '');
  });
}

function reading<T>(file: string, read: (database: Database) => T): T {
  const database = new BetterSqlite3(file, { readonly: true });
  try {
    return read(database);
  } finally {
    database.close();
  }
}
