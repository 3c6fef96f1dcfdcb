import { execFileSync } from 'node:child_process';
import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import postgres, { type Sql } from 'postgres';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { operator } from '../../src/access/viewer.js';
import { createServices } from '../../src/services.js';
import { MigrationError } from '../../src/storage/errors.js';
import { applyMigrations } from '../../src/storage/postgres/migrate.js';
import { clientele, useFolder } from '../support/command.js';
import {
  createDatabase,
  dropDatabase,
  execute,
  openDatabase,
  rowsOf,
} from '../support/database.js';

const folder = useFolder();
let copies = 0;

describe('the migrations of PostgreSQL', () => {
  let url: string;
  let client: Sql;
  let migrations: string;

  beforeEach(async () => {
    url = await createDatabase();
    client = postgres(url, { onnotice() {} });
    migrations = join(folder, `${++copies}`);
    cpSync('drizzle/postgres', migrations, { recursive: true });
  });

  afterEach(async () => {
    await client.end();
    await dropDatabase(url);
  });

  const apply = () => applyMigrations(client, 'test', migrations);

  /** Adds a migration after (or, with `when`, at another place among) those that are there. */
  function addMigration(sql: string, when = Date.now()): void {
    const journalPath = join(migrations, 'meta/_journal.json');
    const journal = JSON.parse(readFileSync(journalPath, 'utf8'));
    const idx = journal.entries.length;
    const tag = `${String(idx).padStart(4, '0')}_test`;
    journal.entries.push({ idx, version: '7', when, tag, breakpoints: true });
    writeFileSync(journalPath, JSON.stringify(journal));
    writeFileSync(join(migrations, `${tag}.sql`), sql);
  }

  const tables = () =>
    rowsOf(url, "select table_name from information_schema.tables where table_schema = 'public'");

  test('match the tables that the code describes', () => {
    const before = readdirSync(migrations);
    execFileSync('node_modules/.bin/drizzle-kit', [
      'generate',
      '--dialect=postgresql',
      '--schema=src/storage/postgres/tables.ts',
      `--out=${relative('.', migrations)}`,
    ]);
    expect(readdirSync(migrations)).toEqual(before);
  });

  test('are applied once, by one of ten that start together', async () => {
    const storages = await Promise.all(Array.from({ length: 10 }, () => openDatabase(url)));
    await Promise.all(storages.map((storage) => storage.ping()));
    await Promise.all(storages.map((storage) => storage.close()));
    expect(await rowsOf(url, 'select created_at from __drizzle_migrations')).toHaveLength(
      JSON.parse(readFileSync('drizzle/postgres/meta/_journal.json', 'utf8')).entries.length,
    );

    addMigration('alter table customers add column note text');
    const applied = await Promise.all(Array.from({ length: 10 }, apply));
    expect(applied.sort()).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
  });

  test('leave a running service of the version before at work', async () => {
    const storage = await openDatabase(url);
    const { corporations, customers } = createServices(storage);
    await corporations.createWithId({
      id: 'corp_1',
      input: { legalName: 'A', jurisdiction: 'US' },
    });
    const input = { corporationId: 'corp_1', name: 'Acme' };
    const { customer } = await customers.create(operator, { input });

    addMigration('alter table customers add column note text');
    await apply();

    expect(await customers.byId(operator, customer.id)).toEqual(customer);
    await customers.create(operator, { input });
    const page = await customers.list(operator, { corporationId: 'corp_1' });
    expect(page.edges).toHaveLength(2);
    await storage.close();
  });

  test('that fail leave the database as it was', async () => {
    addMigration('create table half (id integer); --> statement-breakpoint\nnonsense');
    await expect(apply()).rejects.toThrow(MigrationError);
    expect((await tables()).map(({ table_name: name }) => name)).toEqual(['__drizzle_migrations']);
    expect(await rowsOf(url, 'select * from __drizzle_migrations')).toEqual([]);
  });

  test('say which version can do without what they take away', () => {
    const takesAway = /\b(drop|rename|set not null|set data type)\b/i;
    const marked = /^-- contract: needs \d{4}_/m;
    const unmarked = (sql: string) => takesAway.test(sql) && !marked.test(sql);
    expect(unmarked('ALTER TABLE "customers" DROP COLUMN "note";')).toBe(true);
    const files = readdirSync('drizzle/postgres').filter((name) => name.endsWith('.sql'));
    expect(
      files.filter((name) => unmarked(readFileSync(join('drizzle/postgres', name), 'utf8'))),
    ).toEqual([]);
  });

  test('that name no migration before them as the one to know are refused', async () => {
    addMigration('-- contract: needs 0001_test\ndrop index customers_by_name');
    await expect(apply()).rejects.toThrow(MigrationError);
  });

  test('do not keep others from a table that they wait for', async () => {
    const storage = await openDatabase(url);
    const { customers } = createServices(storage);
    const reader = await client.reserve();
    await reader.unsafe('begin; select from customers');
    addMigration('alter table customers add column note text');

    const applying = apply();
    await vi.waitUntil(
      async () => {
        const sql = "select 1 as it from pg_stat_activity where wait_event_type = 'Lock'";
        return (await rowsOf(url, `${sql} and datname = current_database()`)).length > 0;
      },
      { timeout: 10_000 },
    );
    expect(await customers.byId(operator, 'cust_none')).toBeNull();

    await reader.unsafe('rollback');
    reader.release();
    expect(await applying).toBe(1);
    await storage.close();
  });

  test('dated before the newest that is applied are refused rather than skipped', async () => {
    await apply();
    addMigration('create table late (id integer)', 1);
    await expect(apply()).rejects.toThrow(MigrationError);
  });

  describe.each([
    ['CockroachDB CCL v25.4.0 (x86_64-pc-linux-gnu)', null],
    ['PostgreSQL 15.12-YB-2025.2.0.0-b0 on x86_64-pc-linux-gnu', 'C'],
  ])('where each change of the tables commits by itself, as on %s,', (version, collation) => {
    const record = 'select created_at from __drizzle_migrations';

    /** It is PostgreSQL that is asked here, and calls itself so. */
    beforeEach(async () => {
      const name = new URL(url).pathname.slice(1);
      await execute(
        url,
        `create schema engine;
         create function engine.version() returns text language sql as $$ select '${version}' $$;
         alter database ${name} set search_path = public, engine, pg_catalog`,
      );
    });

    test('are applied once by ten that start together', async () => {
      const storages = await Promise.all(Array.from({ length: 10 }, () => openDatabase(url)));
      await Promise.all(storages.map((storage) => storage.ping()));
      await Promise.all(storages.map((storage) => storage.close()));
      expect(await rowsOf(url, record)).toHaveLength(1);
      const columns = `select distinct collation_name as name from information_schema.columns
        where table_name = 'customers' and column_name in ('id', 'external_id')`;
      expect(await rowsOf(url, columns)).toEqual([{ name: collation }]);
    });

    test('go on where they were broken off, and count only when all is there', async () => {
      const forbid = (tag: string) =>
        execute(
          url,
          `create or replace function engine.forbid() returns event_trigger language plpgsql
             as $$ begin raise exception 'broken off'; end $$;
           drop event trigger if exists forbidding;
           create event trigger forbidding on ddl_command_start when tag in ('${tag}')
             execute function engine.forbid()`,
        );
      for (const tag of ['ALTER TABLE', 'CREATE INDEX']) {
        await forbid(tag);
        await expect(openDatabase(url)).rejects.toThrow(/broken off/);
        expect((await tables()).length).toBeGreaterThan(1);
        expect(await rowsOf(url, record)).toEqual([]);
      }
      await execute(url, 'drop event trigger forbidding');
      await (await openDatabase(url)).close();
      expect(await rowsOf(url, record)).toHaveLength(1);
      const constraints = "select 1 as it from pg_constraint where contype = 'f'";
      expect(await rowsOf(url, constraints)).toHaveLength(1);
    });
  });

  describe('of a newer version', () => {
    const warnings: Error[] = [];
    const warn = (warning: Error) => warnings.push(warning);

    beforeEach(async () => {
      warnings.length = 0;
      process.on('warning', warn);
      await apply();
    });

    afterEach(() => {
      process.off('warning', warn);
    });

    /** Applies what a version has that knows one migration more, of which this one knows nothing. */
    async function applyNewer(sql: string): Promise<void> {
      addMigration(sql);
      await apply();
    }

    test('that only add something let an older one start, with a warning', async () => {
      await applyNewer('alter table customers add column note text');
      const storage = await openDatabase(url);
      await storage.ping();
      await storage.close();
      expect(warnings.map(({ name, message }) => `${name}: ${message}`)).toEqual([
        expect.stringMatching(/^MigrationWarning: .* newer version/),
      ]);
      const doctor = await clientele(['doctor', '--json'], { DATABASE_URL: url });
      expect(JSON.parse(doctor.stdout)).toContainEqual(
        expect.objectContaining({ check: 'migrations', outcome: 'warning' }),
      );
    });

    test('that take something away let in what does without, and refuse what does not', async () => {
      await applyNewer('-- contract: needs 0000_init\ndrop index customers_by_name');
      await (await openDatabase(url)).close();

      await applyNewer('-- contract: needs 0001_test\nalter table customers drop column name');
      await expect(openDatabase(url)).rejects.toThrow(MigrationError);
      await expect(openDatabase(url)).rejects.toThrow(/newer version has taken it away/);
      expect(await apply()).toBe(0);
      const doctor = await clientele(['doctor', '--json'], { DATABASE_URL: url });
      expect(doctor.code).toBe(1);
    });
  });

  test('do without the index of searches where its extension is not to be had', async () => {
    const user = `poor_${copies}_${process.pid}`;
    await execute(url, `create role ${user} login; grant create on schema public to ${user}`);
    const storage = await openDatabase(url.replace('clientele@', `${user}@`));
    const { corporations, customers } = createServices(storage);
    await corporations.createWithId({
      id: 'corp_1',
      input: { legalName: 'A', jurisdiction: 'US' },
    });
    await customers.create(operator, { input: { corporationId: 'corp_1', name: 'Straße 7%' } });
    for (const [search, found] of [
      ['STRASSE', 1],
      ['7%', 1],
      ['7_', 0],
    ] as const) {
      const page = await customers.list(operator, { corporationId: 'corp_1', filter: { search } });
      expect(page.edges).toHaveLength(found);
    }
    await storage.close();
    const index = "select 1 as there from pg_indexes where indexname = 'customers_by_part_of_name'";
    expect(await rowsOf(url, index)).toEqual([]);
    await execute(url, `drop owned by ${user}; drop role ${user}`);
  });
});
