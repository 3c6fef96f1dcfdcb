import { randomUUID } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import postgres, { type Sql } from 'postgres';
import { afterAll, inject } from 'vitest';
import { createServices, type Services } from '../../src/services.js';
import { parseDatabaseUrl } from '../../src/storage/databaseUrl.js';
import { openStorage } from '../../src/storage/open.js';
import type { Storage } from '../../src/storage/storage.js';
import type { Json } from './client.js';

const server = inject('postgresServer');

/** What the tests run on; some are about one of them alone. */
export const storageKind = server ? 'postgres' : 'sqlite';

/** A database that no other test knows, as DATABASE_URL names it. */
export async function createDatabase(): Promise<string> {
  if (!server) return join(mkdtempSync(join(tmpdir(), 'clientele-')), 'clientele.db');
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await withClient(`${server}/postgres`, (client) => client.unsafe(`create database ${name}`));
  return `${server}/${name}`;
}

export async function dropDatabase(url: string): Promise<void> {
  if (!server) return rm(dirname(url), { recursive: true });
  const name = new URL(url).pathname.slice(1);
  await withClient(`${server}/postgres`, (client) =>
    client.unsafe(`drop database ${name} with (force)`),
  );
}

/** Makes databases that are gone after the tests of the file. */
export function useDatabases(): () => Promise<string> {
  const urls: string[] = [];
  afterAll(() => Promise.all(urls.map(dropDatabase)));
  return async () => {
    const url = await createDatabase();
    urls.push(url);
    return url;
  };
}

/** Opens the database beside whoever else has it open. */
export function openDatabase(url: string, writeQueueLimit = 1000): Promise<Storage> {
  return openStorage({ database: parseDatabaseUrl(url), writeQueueLimit });
}

/** Works on the database as the command line does. */
export async function beside<T>(url: string, work: (services: Services) => Promise<T>): Promise<T> {
  const storage = await openDatabase(url);
  try {
    return await work(createServices(storage));
  } finally {
    await storage.close();
  }
}

/**
 * What is in the database, seen through a connection of its own, in one shape whichever it is: times
 * in ms since 1970, JSON as text, and nothing of what storage keeps for itself. Parameters are
 * written as question marks.
 */
export async function rowsOf(url: string, sql: string, ...parameters: unknown[]): Promise<Json[]> {
  const rows = await (server
    ? withClient(url, async (client) => {
        let n = 0;
        const numbered = sql.replace(/\?/g, () => `$${++n}`);
        return [...(await client.unsafe<Json[]>(numbered, parameters as never[]))];
      })
    : withFile(url, (file) => file.prepare(sql).all(...parameters) as Json[]));
  return rows.map(({ seq: _, folded_name: __, ...row }) => row);
}

/** All that is kept, in whatever form: the bytes of the files, or every row of every table as text. */
export async function everythingIn(url: string): Promise<string> {
  if (!server) {
    const folder = dirname(url);
    return readdirSync(folder)
      .map((name) => readFileSync(join(folder, name), 'latin1'))
      .join();
  }
  const tables = await rowsOf(
    url,
    "select table_name as name from information_schema.tables where table_schema = 'public'",
  );
  const rows = await Promise.all(
    tables.map(({ name }) => rowsOf(url, `select each::text from ${name} as each`)),
  );
  return JSON.stringify(rows);
}

/** Changes the database behind the back of whoever uses it. */
export async function execute(url: string, sql: string): Promise<void> {
  if (server) await withClient(url, (client) => client.unsafe(sql));
  else withFile(url, (file) => file.exec(sql));
}

/** Makes every write wait until what is returned is called; reads go on. */
export async function holdWrites(url: string): Promise<() => Promise<void>> {
  if (!server) {
    const file = new BetterSqlite3(url);
    file.exec('begin immediate');
    return async () => {
      file.exec('rollback');
      file.close();
    };
  }
  const client = connect(url);
  await client.unsafe(
    'begin; lock table customers, corporations, tokens, idempotency_records in exclusive mode',
  );
  return async () => {
    await client.unsafe('rollback');
    await client.end();
  };
}

/**
 * Makes the write of a customer with that external id wait until what is returned is called. On
 * PostgreSQL alone: as one who is about to write the same, and then does not.
 */
export async function holdExternalId(
  url: string,
  externalId: string,
): Promise<() => Promise<void>> {
  const client = connect(url);
  await client.unsafe('begin');
  await client.unsafe(
    `insert into customers (id, corporation_id, name, external_id, version, created_at, updated_at,
      folded_name) values ('cust_held', 'corp_123', 'Held', $1, 1, now(), now(), 'HELD')`,
    [externalId],
  );
  return async () => {
    await client.unsafe('rollback');
    await client.end();
  };
}

function withFile<T>(path: string, work: (file: BetterSqlite3.Database) => T): T {
  const file = new BetterSqlite3(path);
  try {
    return work(file);
  } finally {
    file.close();
  }
}

async function withClient<T>(url: string, work: (client: Sql) => Promise<T>): Promise<T> {
  const client = connect(url);
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

function connect(url: string): Sql {
  const asIs = (value: unknown) => value;
  return postgres(url, {
    max: 1,
    fetch_types: false,
    onnotice() {},
    connection: { TimeZone: 'UTC' },
    types: {
      time: { to: 1184, from: [1184], serialize: asIs, parse: Date.parse },
      number: { to: 20, from: [20], serialize: asIs, parse: Number },
      json: { to: 3802, from: [3802], serialize: asIs, parse: asIs },
    },
  }) as Sql;
}
