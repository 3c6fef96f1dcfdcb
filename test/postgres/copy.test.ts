import { once } from 'node:events';
import { existsSync, symlinkSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { operator } from '../../src/access/viewer.js';
import { type CopyStep, copyDatabase } from '../../src/storage/copy.js';
import { parseDatabaseUrl } from '../../src/storage/databaseUrl.js';
import type { Json } from '../support/client.js';
import { clientele, clienteleOnTerminal, killed, useFolder } from '../support/command.js';
import { beside, execute, openDatabase, rowsOf, useDatabases } from '../support/database.js';

const folder = useFolder();
const createDatabase = useDatabases();
let files = 0;

const newFile = () => join(folder, `${++files}.db`);
const hour = 3_600_000;
const caller = { ...operator, tokenId: 'tok_caller' };
const input = { corporationId: 'corp_123', name: 'Once', externalId: 'once' };

/** A file with one of each that there can be, and so many customers beside them. */
async function createSource(customers = 0): Promise<string> {
  const file = newFile();
  const storage = await openDatabase(file);
  const at = Date.now() - hour;
  // In the order of UTF-16 the last two would be the other way round.
  for (const id of ['corp_123', 'ÄÖ', '\u{ffee}', '\u{1d49c}']) {
    const corporation = { id, legalName: `Firma ${id}`, jurisdiction: 'DE', createdAt: at };
    await storage.corporations.insert(corporation, null);
  }
  const token = { name: 'ünï', corporationIds: null, right: 'write' as const, createdAt: at };
  await storage.tokens.insert({
    ...token,
    ...{ id: 'tok_all', hash: 'a', expiresAt: null, revokedAt: null },
  });
  await storage.tokens.insert({
    ...token,
    ...{ id: 'tok_expired', hash: 'b', expiresAt: at + 1, revokedAt: null },
    corporationIds: ['corp_123', 'ÄÖ'],
  });
  await storage.tokens.insert({
    ...token,
    ...{ id: 'tok_revoked', hash: 'c', expiresAt: at + 2 * hour, revokedAt: at + 7 },
    right: 'read',
  });
  await storage.close();
  await beside(file, async (services) => {
    await services.customers.create(caller, { input, idempotencyKey: 'key 1' });
    const { customer } = await services.customers.create(caller, {
      input: {
        corporationId: 'ÄÖ',
        name: 'Straße 𝒜 "quoted" \\ ẞ',
        email: 'a@example.com',
        shippingAddress: { line1: 'Löwengasse 1', city: '東京', country: 'JP' },
        sourcePlatform: 'shopify',
        sourcePlatformId: '7',
      },
    });
    await services.customers.update(caller, { input: { id: customer.id, name: 'ẞtraße 𝒜' } });
  });
  withFile(file, (sqlite) => {
    sqlite.exec(
      `insert into idempotency_records values ('tok_all', 'op', 'expired', 'f', '{}', 1);
       with recursive n(n) as (select 1 union all select n + 1 from n where n < ${customers})
       insert into customers (id, corporation_id, name, external_id, version, created_at, updated_at)
       select printf('cust_%06d', n), 'corp_123', 'Customer ' || n, 'e' || n, 3, 1000 + n, 2000 + n
       from n where ${customers} > 0`,
    );
  });
  return file;
}

function withFile<T>(path: string, work: (sqlite: BetterSqlite3.Database) => T): T {
  const sqlite = new BetterSqlite3(path);
  try {
    return work(sqlite);
  } finally {
    sqlite.close();
  }
}

/** All that is in the database but records that no longer count, with JSON as what it says. */
async function contentOf(url: string): Promise<Record<string, Json[]>> {
  const select = (sql: string): Json[] | Promise<Json[]> =>
    url.startsWith('postgres:')
      ? rowsOf(url, sql)
      : withFile(url, (sqlite) => sqlite.prepare<[], Json>(sql).all());
  const content: Record<string, Json[]> = {};
  for (const [table, order] of [
    ['corporations', 'id'],
    ['customers', 'id'],
    ['tokens', 'id'],
    ['idempotency_records', 'token_id, operation, key'],
  ] as const) {
    const rows = await select(`select * from ${table} order by ${order}`);
    content[table] = rows
      .filter(({ key }) => key !== 'expired')
      .map(({ seq: _, ...row }) => {
        for (const json of ['shipping_address', 'corporation_ids', 'answer']) {
          if (typeof row[json] === 'string') row[json] = JSON.parse(row[json]);
        }
        return row;
      });
  }
  return content;
}

/** A port that nobody listens on, for it was free a moment ago. */
async function closedPort(): Promise<AddressInfo> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return address;
}

const copy = (from: string, to: string, ...more: string[]) =>
  clientele(['copy', '--from', from, '--to', to, ...more]);

const customersIn = async (url: string) =>
  Number((await rowsOf(url, 'select count(*) as n from customers'))[0]?.n);

describe('a copy from SQLite to PostgreSQL and back', () => {
  let source: string;
  let postgres: string;
  let back: string;

  beforeAll(async () => {
    source = await createSource(2500);
    postgres = await createDatabase();
    back = newFile();
  });

  test('has every row as it was', async () => {
    const there = await copy(`file:${source}`, postgres, '--json');
    expect(there).toMatchObject({ code: 0, stderr: '' });
    const again = await copy(postgres, `sqlite:${back}`, '--json');
    expect(again).toMatchObject({ code: 0, stderr: '' });

    const content = await contentOf(source);
    expect(Object.values(content).map((rows) => rows.length)).toEqual([4, 2502, 3, 1]);
    expect(await contentOf(postgres)).toEqual(content);
    expect(await contentOf(back)).toEqual(content);
    expect(JSON.parse(there.stdout)).toEqual(
      ['corporations', 'customers', 'tokens', 'idempotencyRecords'].map((table, n) => ({
        table,
        rows: [4, 2502, 3, 1][n],
        written: [4, 2502, 3, 1][n],
        sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      })),
    );
    expect(JSON.parse(again.stdout)).toEqual(JSON.parse(there.stdout));
  });

  test('answers a key that was used before as it was answered then', async () => {
    const replayed = (url: string) =>
      beside(url, ({ customers }) => customers.create(caller, { input, idempotencyKey: 'key 1' }));
    const first = await replayed(source);
    expect(first.replayed).toBe(true);
    expect(await replayed(postgres)).toEqual(first);
    expect(await replayed(back)).toEqual(first);
  });

  test.each([
    ['PostgreSQL', () => postgres],
    ['SQLite', () => back],
  ])('counts and finds customers on %s', async (_, url) => {
    await beside(url(), async ({ customers }) => {
      const list = (filter: Json) =>
        customers.list(operator, { corporationId: 'corp_123', filter, first: 5 });
      const all = await list({});
      expect(await all.totalCount()).toBe(2501);
      expect((await list({ search: 'TOMER 2345' })).edges).toHaveLength(1);
    });
  });

  test('has its search index made by the next start on SQLite', async () => {
    const storage = await openDatabase(back);
    const state = () =>
      withFile(back, (sqlite) =>
        sqlite
          .prepare<[], { behind: number }>(
            `select (select max(seq) from customers) - indexed_through as behind
             from search_index_state`,
          )
          .get(),
      );
    await vi.waitUntil(() => state()?.behind === 0, { timeout: 10_000 });
    await storage.close();
  });

  test('changes nothing when it is run once more', async () => {
    const { code, stdout } = await copy(source, postgres, '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout).map(({ written }: Json) => written)).toEqual([0, 0, 0, 0]);
  });
});

describe('a copy that ends half-way', () => {
  test.each([
    ['killed', 'SIGKILL', null],
    ['interrupted', 'SIGINT', 130],
  ] as const)(
    'goes on when it was %s and is run again',
    async (_, signal, exitCode) => {
      const count = 30_002;
      const source = await createSource(30_000);
      const target = await createDatabase();
      await clientele(['migrate'], { DATABASE_URL: target });
      const args = ['copy', '--from', source, '--to', target];

      let told = false;
      const oneBatchIn = async () => {
        if (told) return false;
        told = (await customersIn(target)) > 0;
        return told;
      };
      expect(await killed(args, {}, oneBatchIn, signal)).toBe(exitCode);
      // The server may still be at what it was told last.
      const others = `select 1 from pg_stat_activity
        where datname = current_database() and pid <> pg_backend_pid()`;
      await vi.waitUntil(async () => (await rowsOf(target, others)).length === 0, 10_000);
      const kept = await customersIn(target);
      expect(kept).toBeGreaterThan(0);
      expect(kept).toBeLessThan(count);

      const { code, stdout } = await copy(source, target, '--json');
      expect(code).toBe(0);
      expect(JSON.parse(stdout)[1]).toMatchObject({ rows: count, written: count - kept });
      expect(await contentOf(target)).toEqual(await contentOf(source));
    },
    60_000,
  );
});

describe('a copy is refused', () => {
  test('where source and target are one file, whatever it is called', async () => {
    const source = await createSource();
    const link = newFile();
    symlinkSync(source, link);
    const { code, stderr } = await copy(source, `file:${link}`);
    expect(code).toBe(1);
    expect(stderr).toBe(`The source and the target are the same database, ${source}.\n`);
  });

  test('where source and target are one database, whatever its server is called', async () => {
    const url = await createDatabase();
    await clientele(['migrate'], { DATABASE_URL: url });
    const { code, stderr } = await copy(url, url.replace('127.0.0.1', 'localhost'));
    expect(code).toBe(1);
    expect(stderr).toMatch(/^The source and the target are the same database, postgres:/);
  });

  test('without a source, and makes none, nor a target', async () => {
    const missing = newFile();
    const target = newFile();
    const empty = await createDatabase();
    for (const [from, to] of [
      [missing, target],
      [empty, target],
      [missing, empty],
    ] as const) {
      const { code, stderr } = await copy(from, to);
      expect(code).toBe(1);
      expect(stderr).toMatch(/^There is no database .* to copy from\.\n$/);
    }
    expect([missing, target].filter((file) => existsSync(file))).toEqual([]);
    const tables = "select 1 from information_schema.tables where table_schema = 'public'";
    expect(await rowsOf(empty, tables)).toEqual([]);
  });

  test('where a server does not answer, and nothing is made then', async () => {
    const source = await createSource();
    const target = newFile();
    const { port } = await closedPort();
    const nowhere = `postgres://127.0.0.1:${port}/x`;
    for (const [from, to] of [
      [source, nowhere],
      [nowhere, target],
    ] as const) {
      const { code, stderr } = await copy(from, to);
      expect(code).toBe(1);
      expect(stderr).toMatch(/^The database postgres:.* cannot be opened: .*ECONNREFUSED.*\n$/);
    }
    expect(existsSync(target)).toBe(false);
  });

  test('from what is no database of Clientele, and from an older version', async () => {
    const other = newFile();
    withFile(other, (sqlite) => sqlite.exec('create table others (id text)'));
    const old = await createSource();
    withFile(old, (sqlite) =>
      sqlite.exec(
        'delete from __drizzle_migrations where created_at = (select max(created_at) from __drizzle_migrations)',
      ),
    );
    const target = newFile();
    expect(await copy(other, target)).toMatchObject({
      code: 1,
      stderr: `${other} is no database of Clientele.\n`,
    });
    expect(await copy(old, target)).toMatchObject({
      code: 1,
      stderr: `The database ${old} is of an older version. Run migrate on it first.\n`,
    });
    expect(existsSync(target)).toBe(false);
  });

  test('to or from a database in memory, or none that there can be', async () => {
    const source = await createSource();
    for (const [from, to] of [
      [source, ':memory:'],
      [':memory:', newFile()],
    ] as const) {
      const { code, stderr } = await copy(from, to);
      expect(code).toBe(1);
      expect(stderr).toMatch(/in memory/);
    }
    const { code, stderr } = await copy(source, 'mysql://app:secret@127.0.0.1/x');
    expect(code).toBe(1);
    expect(stderr).toMatch(/^--to must be a file/);
    expect(stderr).not.toContain('secret');
  });

  test('into what has a row that the source has not, or has otherwise', async () => {
    const source = await createSource(10);
    const target = await createDatabase();
    expect((await copy(source, target)).code).toBe(0);
    await execute(target, "delete from customers where id = 'cust_000003'");

    withFile(source, (sqlite) =>
      sqlite.exec("update customers set version = 9 where id = 'cust_000005'"),
    );
    const changed = await copy(source, target);
    expect(changed.code).toBe(1);
    expect(changed.stderr).toContain(
      'has the customer cust_000005, which the source has otherwise. Nothing was written.',
    );

    withFile(source, (sqlite) => sqlite.exec("delete from customers where id = 'cust_000005'"));
    const strange = await copy(source, target);
    expect(strange.code).toBe(1);
    expect(strange.stderr).toContain('has the customer cust_000005, which the source has not.');
    expect(await rowsOf(target, "select id from customers where id = 'cust_000003'")).toEqual([]);
  });
});

describe('the verification', () => {
  /** Copies, and does `change` once the copy has come to that place: unless told, before it verifies. */
  function copyAndChange(
    from: string,
    to: string,
    change: () => void,
    place: { step: CopyStep; done: number } = { step: 'verify', done: 0 },
  ) {
    let changed = false;
    return copyDatabase({
      from: parseDatabaseUrl(from),
      to: parseDatabaseUrl(to),
      validSince: Date.now() - 24 * hour,
      onProgress(step, done) {
        if (changed || step !== place.step || done !== place.done) return;
        changed = true;
        change();
      },
      signal: new AbortController().signal,
    });
  }

  test('finds a row of the source that was changed, and one that came, during the copy', async () => {
    const source = await createSource(10);
    const target = await createDatabase();
    const copied = copyAndChange(source, target, () =>
      withFile(source, (sqlite) =>
        sqlite.exec(
          `update customers set name = 'Other' where id = 'cust_000007';
           insert into corporations values ('late', 'Late', 'US', 1)`,
        ),
      ),
    );
    await expect(copied).rejects.toThrow(
      /corporations: 5 rows in the source, 4 in the target; first late, which the target has not\n {2}customers: 12 rows in the source, 12 in the target; first cust_000007, which differs\n/,
    );
  });

  test('is not come to where a customer came with its corporation during the copy', async () => {
    const source = await createSource(10);
    const targets = [newFile(), await createDatabase()];
    for (const [n, target] of targets.entries()) {
      const come = () =>
        withFile(source, (sqlite) =>
          sqlite.exec(
            `insert into corporations values ('late${n}', 'Late', 'US', 1);
             insert into customers (id, corporation_id, name, version, created_at, updated_at)
             values ('late${n}', 'late${n}', 'Late', 1, 1, 1)`,
          ),
        );
      const copied = copyAndChange(source, target, come, { step: 'copy', done: 4 + n });
      await expect(copied).rejects.toThrow(
        /cannot be written to: .* Stop what writes to the two, and run the copy again\.$/,
      );
      expect((await copy(source, target)).code).toBe(0);
    }
  });

  test.each([
    [
      'changed',
      "update tokens set hash = 'z' where id = 'tok_all'",
      /first tok_all, which differs/,
    ],
    ['lost', "delete from tokens where id = 'tok_all'", /first tok_all, which the target has not/],
    [
      'added',
      "insert into tokens select 'tok_zzz', name, 'y', null, right, 1, null, null from tokens limit 1",
      /first tok_zzz, which the source has not/,
    ],
  ])('finds a row of the target that was %s', async (_, sql, message) => {
    const source = await createDatabase();
    expect((await copy(await createSource(10), source)).code).toBe(0);
    const target = newFile();
    const copied = copyAndChange(source, target, () =>
      withFile(target, (sqlite) => sqlite.exec(sql)),
    );
    await expect(copied).rejects.toThrow(message);
  });
});

test('a copy shows on a terminal how far it is', async (context) => {
  const source = await createSource(3000);
  const shown = await clienteleOnTerminal([
    ...['copy', '--from', source],
    ...['--to', await createDatabase()],
  ]);
  if (!shown) return context.skip('script, of util-linux, is not installed');
  expect(shown.code).toBe(0);
  expect(shown.stdout).toMatch(/100% \| 3010 rows \|/);
  expect(shown.stdout).toMatch(/100% \| 3010 rows verified \|/);
});
