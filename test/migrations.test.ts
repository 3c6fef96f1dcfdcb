import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import type { Database } from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { operator } from '../src/access/viewer.js';
import { createServices } from '../src/services.js';
import { MigrationError } from '../src/storage/errors.js';
import { openStorage } from '../src/storage/open.js';
import { applyMigrations } from '../src/storage/sqlite/migrate.js';
import { openDatabase } from '../src/storage/sqlite/open.js';

describe('migrations', () => {
  let folder: string;
  let migrations: string;
  let sqlite: Database;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'clientele-'));
    migrations = join(folder, 'drizzle');
    cpSync('drizzle', migrations, { recursive: true });
    sqlite = openDatabase(join(folder, 'old.db'));
  });

  afterEach(() => {
    sqlite.close();
    rmSync(folder, { recursive: true });
  });

  /** Adds a migration after (or, with `when`, at another place among) those that are there. */
  function addMigration(sql: string, when = Date.now()): void {
    const journalPath = join(migrations, 'meta/_journal.json');
    const journal = JSON.parse(readFileSync(journalPath, 'utf8'));
    const idx = journal.entries.length;
    const tag = `${String(idx).padStart(4, '0')}_test`;
    journal.entries.push({ idx, version: '6', when, tag, breakpoints: true });
    writeFileSync(journalPath, JSON.stringify(journal));
    writeFileSync(join(migrations, `${tag}.sql`), sql);
  }

  function fill(): void {
    sqlite.exec(`
      insert into corporations values ('corp_1', 'Acme', 'US', 1);
      insert into customers (id, corporation_id, name, version, created_at, updated_at)
        values ('cust_1', 'corp_1', 'One', 1, 1, 1), ('cust_2', 'corp_1', 'Two', 1, 1, 1);
    `);
  }

  const count = (table: string) => sqlite.prepare(`select count(*) from ${table}`).pluck().get();

  /** As drizzle-kit generates it: the pragmas do nothing inside the migrator's transaction. */
  const rebuildCorporations = [
    'PRAGMA foreign_keys=OFF;',
    'CREATE TABLE `__new_corporations` (`id` text PRIMARY KEY NOT NULL, `legal_name` text NOT NULL, `jurisdiction` text NOT NULL, `created_at` integer NOT NULL, `note` text);',
    'INSERT INTO `__new_corporations`("id", "legal_name", "jurisdiction", "created_at") SELECT "id", "legal_name", "jurisdiction", "created_at" FROM `corporations`;',
    'DROP TABLE `corporations`;',
    'ALTER TABLE `__new_corporations` RENAME TO `corporations`;',
    'PRAGMA foreign_keys=ON;',
  ].join('--> statement-breakpoint\n');

  test('match the tables that the code describes', () => {
    const before = readdirSync(migrations);
    execFileSync('node_modules/.bin/drizzle-kit', [
      'generate',
      '--dialect=sqlite',
      '--schema=src/storage/sqlite/tables.ts',
      `--out=${relative('.', migrations)}`,
    ]);
    expect(readdirSync(migrations)).toEqual(before);
  });

  test('are applied once', () => {
    const applied = applyMigrations(sqlite, migrations);
    expect(applied).toBeGreaterThan(0);
    expect(applyMigrations(sqlite, migrations)).toBe(0);
  });

  /** Makes of the file what it was when so many migrations were known. */
  function applyFirst(number: number): void {
    const journalPath = join(migrations, 'meta/_journal.json');
    const journal = JSON.parse(readFileSync(journalPath, 'utf8'));
    const entries = journal.entries.slice(0, number);
    writeFileSync(journalPath, JSON.stringify({ ...journal, entries }));
    applyMigrations(sqlite, migrations);
  }

  /** Customers 3 to 3000, beside those of `fill`. */
  function fillMany(): void {
    fill();
    const insert = sqlite.prepare(
      `insert into customers (id, corporation_id, name, email, source_platform, version, created_at, updated_at)
        values (?, 'corp_1', ?, ?, ?, 1, 1, 1)`,
    );
    for (let n = 3; n <= 3000; n++) {
      insert.run(
        `cust_${n}`,
        `Number ${n}`,
        `"${n}"@example.com`,
        `it's 1 of ${Math.floor(n / 2)}`,
      );
    }
  }

  /** Opens the file as this version does, and lists its customers. */
  async function open() {
    const storage = await openStorage({
      database: { kind: 'sqlite', path: join(folder, 'old.db') },
      writeQueueLimit: 100,
    });
    const { customers } = createServices(storage);
    return {
      close: storage.close,
      async find(filter: object) {
        const list = await customers.list(operator, { corporationId: 'corp_1', filter });
        return { names: list.edges.map(({ node }) => node.name), total: await list.totalCount() };
      },
    };
  }

  test('count and index the customers of a file from before there were counts and an index', async () => {
    applyFirst(2);
    fillMany();

    const { find, close } = await open();
    expect((await find({})).total).toBe(3000);
    expect(await find({ search: 'ER 299' })).toEqual({
      names: ['9', '8', '7', '6', '5', '4', '3', '2', '1', '0'].map((n) => `Number 299${n}`),
      total: 11,
    });
    await close();
    expect(count('customers')).toBe(3000);
  });

  test('index anew what a file from before had indexed otherwise', async () => {
    applyFirst(3);
    fillMany();
    sqlite.exec(`
      insert into customer_names (rowid, name) select seq, upper(name) from customers;
      insert into customer_values (rowid, value) select seq, 'otherwise' from customers;
      update search_index_state set indexed_through = 3000;
    `);

    const { find, close } = await open();
    expect(await find({ search: 'ber 2999' })).toEqual({ names: ['Number 2999'], total: 1 });
    expect(await find({ name: 'Two' })).toEqual({ names: ['Two'], total: 1 });
    expect(await find({ email: '"2999"@example.com' })).toEqual({
      names: ['Number 2999'],
      total: 1,
    });
    expect(await find({ sourcePlatforms: ["it's 1 of 1499"] })).toEqual({
      names: ['Number 2999', 'Number 2998'],
      total: 2,
    });
    expect((await find({ sourcePlatforms: ["it's 1 of"] })).total).toBe(0);
    await close();
  });

  test('count on from a file in which each customer was counted as it came', async () => {
    applyFirst(4);
    fillMany();
    sqlite.exec("delete from customers where id in ('cust_3', 'cust_3000')");

    const { find, close } = await open();
    expect((await find({})).total).toBe(2998);
    await close();
    sqlite.exec("delete from customers where id = 'cust_4'");
    // By now they are in the index as well.
    const again = await open();
    expect((await again.find({})).total).toBe(2997);
    await again.close();
  });

  test('rebuild the parent of an old file with rows without losing its children', () => {
    applyMigrations(sqlite, migrations);
    fill();
    addMigration(rebuildCorporations);

    expect(applyMigrations(sqlite, migrations)).toBe(1);

    expect(count('corporations')).toBe(1);
    expect(count('customers')).toBe(2);
    expect(sqlite.pragma('foreign_keys', { simple: true })).toBe(1);
    expect(sqlite.pragma('foreign_key_check')).toEqual([]);
  });

  test('keep even children that a delete of their parent would take with it', () => {
    applyMigrations(sqlite, migrations);
    fill();
    sqlite.exec(`
      create table notes (id integer primary key,
        corporation_id text references corporations (id) on delete cascade);
      insert into notes values (1, 'corp_1'), (2, 'corp_1');
    `);
    addMigration(rebuildCorporations);

    applyMigrations(sqlite, migrations);

    expect(count('notes')).toBe(2);
  });

  test('that leave rows without what they refer to are refused', () => {
    applyMigrations(sqlite, migrations);
    fill();
    addMigration('DELETE FROM corporations;');
    expect(() => applyMigrations(sqlite, migrations)).toThrow(
      /2 rows that refer to nothing, in: customers/,
    );
    expect(count('corporations')).toBe(1);
    expect(sqlite.pragma('foreign_keys', { simple: true })).toBe(1);
  });

  test('that fail leave the file as it was', () => {
    applyMigrations(sqlite, migrations);
    fill();
    addMigration('DELETE FROM customers;--> statement-breakpoint\nno SQL at all;');
    expect(() => applyMigrations(sqlite, migrations)).toThrow();
    expect(count('customers')).toBe(2);
    expect(sqlite.pragma('foreign_keys', { simple: true })).toBe(1);
  });

  test('dated before the newest that is applied are refused rather than skipped', () => {
    applyMigrations(sqlite, migrations);
    addMigration('CREATE TABLE late (id integer);', 1);
    expect(() => applyMigrations(sqlite, migrations)).toThrow(MigrationError);
    expect(() => applyMigrations(sqlite, migrations)).toThrow(/dated before the newest/);
  });

  test('of a newer version make an older one refuse the file', () => {
    addMigration('CREATE TABLE newer (id integer);');
    applyMigrations(sqlite, migrations);
    expect(() => applyMigrations(sqlite)).toThrow(/last used by a newer version/);
  });
});
