import {
  chmodSync,
  closeSync,
  copyFileSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';

import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import type { Json } from './support/client.js';
import {
  clientele,
  clienteleBoundByModes,
  clienteleOnFullDisk,
  killed,
  modesBind,
  Serving,
  useFolder,
} from './support/command.js';
import { faces } from './support/faces.js';

const folder = useFolder();
const databasePath = join(folder, 'data/clientele.db');
const given = { DATABASE_URL: databasePath };
let serving: Serving;
let folders = 0;

/** Enough that a search goes by the index, and that a copy takes several steps. */
const imported = 30_000;

beforeAll(async () => {
  serving = await Serving.start(given);
  const rows = Array.from({ length: imported }, (_, n) =>
    JSON.stringify({
      corporation_id: 'corp_123',
      name: `Imported ${n} Holding`,
      external_id: `i${n}`,
    }),
  );
  expect(await clientele(['import', '-'], given, rows.join('\n'))).toMatchObject({ code: 0 });
});

afterAll(() => serving.stop());

function newFolder(): string {
  const path = join(folder, `backups-${++folders}`);
  mkdirSync(path);
  return path;
}

const backUp = (file: string, env = given) => clientele(['backup', file, '--json'], env);

function withDatabase<T>(path: string, work: (sqlite: BetterSqlite3.Database) => T): T {
  const sqlite = new BetterSqlite3(path, { readonly: true });
  try {
    return work(sqlite);
  } finally {
    sqlite.close();
  }
}

/** Creates customers over both faces, each as soon as the one before was answered. */
function startLoad() {
  const sent = new Map<string, Json>();
  const answered = new Map<string, Json>();
  let going = true;
  const workers = [0, 1, 2, 3].map(async (worker) => {
    const face = faces[worker % faces.length];
    for (let n = 0; going; n++) {
      const externalId = `${face?.name}-${worker}-${n}`;
      const input = {
        corporationId: 'corp_123',
        name: `Customer ${externalId}`,
        email: `${externalId}@example.com`,
        externalId,
        shippingAddress: { line1: `${n} Main St`, country: 'US' },
        sourcePlatform: 'load',
        sourcePlatformId: externalId,
      };
      sent.set(externalId, input);
      const outcome = await face?.create(serving, input);
      if (!outcome || !('customer' in outcome)) throw new Error(JSON.stringify(outcome));
      answered.set(externalId, outcome.customer);
    }
  });
  return {
    sent,
    answered,
    async stop() {
      going = false;
      await Promise.all(workers);
    },
  };
}

describe('a backup that is taken while both faces write', () => {
  test('holds whole all that was answered before, and a service runs on it', async () => {
    const file = join(newFolder(), 'backup.db');
    const load = startLoad();
    onTestFinished(load.stop);
    await vi.waitUntil(() => load.answered.size > 200, { timeout: 15_000 });
    const before = [...load.answered.values()];

    const { code, stdout } = await backUp(file);

    const during = load.answered.size - before.length;
    await load.stop();
    expect(code).toBe(0);
    expect(during).toBeGreaterThan(0);
    expect(readdirSync(join(file, '..'))).toEqual(['backup.db']);

    const { rows, problems } = withDatabase(file, (sqlite) => ({
      rows: sqlite.prepare<[], Json>('select * from customers').all(),
      problems: [sqlite.pragma('integrity_check'), sqlite.pragma('foreign_key_check')],
    }));
    const summary = JSON.parse(stdout);
    expect(problems).toEqual([[{ integrity_check: 'ok' }], []]);
    expect(summary).toMatchObject({ file, customers: rows.length, bytes: statSync(file).size });

    const created = new Map(
      rows.filter((row) => row.source_platform === 'load').map((row) => [row.external_id, row]),
    );
    expect(created.size).toBe(rows.length - imported);
    for (const customer of before) {
      expect(created.get(customer.externalId)?.id).toBe(customer.id);
    }
    for (const [externalId, row] of created) {
      const { corporationId, shippingAddress, ...input } = load.sent.get(externalId) ?? {};
      const { external_id, source_platform, source_platform_id, name, email } = row;
      expect(corporationId).toBe(row.corporation_id);
      expect(JSON.parse(row.shipping_address)).toMatchObject(shippingAddress);
      expect({
        name,
        email,
        externalId: external_id,
        sourcePlatform: source_platform,
        sourcePlatformId: source_platform_id,
      }).toEqual(input);
    }

    const indexed = withDatabase(file, (sqlite) =>
      sqlite
        .prepare(`select count(*) from customer_names where customer_names match '"7 H" AND "HOL"'`)
        .pluck()
        .get(),
    );
    expect(indexed).toBeGreaterThan(1000);

    const restored = await Serving.start({ DATABASE_URL: file });
    restored.firstToken = serving.firstToken;
    for (const face of faces) {
      const filter = { search: 'ted 29999 h' };
      const found = await face.list(restored, { corporationId: 'corp_123', filter });
      expect(found).toMatchObject({ names: ['Imported 29999 Holding'], total: 1 });
      const [oldest] = before;
      expect(await face.read(restored, oldest?.id)).toMatchObject({ name: oldest?.name });
      const made = await face.create(restored, { corporationId: 'corp_123', name: 'New' });
      expect(made).toHaveProperty('customer');
    }
    expect((await restored.get('/readyz')).status).toBe(200);
    await restored.stop();
  });
});

/** A database as far as anyone looks who is about to replace it. */
const earlier = 'SQLite format 3\0 of an earlier one';

describe('a backup takes the place of an earlier one', () => {
  test('when it is whole', async () => {
    const file = join(newFolder(), 'backup.db');
    writeFileSync(file, earlier);
    expect(await backUp(file)).toMatchObject({ code: 0 });
    expect(withDatabase(file, (sqlite) => sqlite.pragma('quick_check'))).toEqual([
      { quick_check: 'ok' },
    ]);
  });

  test('and lets the same people read it as the database', async () => {
    const file = join(newFolder(), 'backup.db');
    await backUp(file);
    expect(statSync(file).mode).toBe(statSync(databasePath).mode);
  });

  test.each(['SIGINT', 'SIGTERM'] as const)(
    'not when %s came before it was whole',
    async (signal) => {
      const backups = newFolder();
      const file = join(backups, 'backup.db');
      const begun = () => readdirSync(backups).some((name) => name.endsWith('.partial'));
      // It may be whole before the signal arrives.
      await vi.waitUntil(
        async () => {
          writeFileSync(file, earlier);
          return (await killed(['backup', file], given, begun, signal)) === 130;
        },
        { timeout: 15_000 },
      );
      expect(readdirSync(backups)).toEqual(['backup.db']);
      expect(readFileSync(file, 'utf8')).toBe(earlier);
    },
  );

  test('not when the disk is full', async (context) => {
    const backups = newFolder();
    const file = join(backups, 'backup.db');
    writeFileSync(file, earlier);
    const result = await clienteleOnFullDisk(1_000_000, ['backup', file], given);
    if (!result) return context.skip('prlimit is not here to limit the size of files');
    expect(result.code).toBe(1);
    expect(result.stderr).toMatch(/cannot be written to .*backup.db.*Is there room on the disk/);
    expect(readdirSync(backups)).toEqual(['backup.db']);
    expect(readFileSync(file, 'utf8')).toBe(earlier);
  });

  test('not when the database is damaged', async () => {
    const backups = newFolder();
    const file = join(backups, 'backup.db');
    const spoiled = join(newFolder(), 'spoiled.db');
    expect((await backUp(spoiled)).code).toBe(0);
    copyFileSync(spoiled, file);
    const page = withDatabase(spoiled, (sqlite) =>
      sqlite
        .prepare<[], number>(
          `select rootpage from sqlite_master where name = 'customers_by_corporation'`,
        )
        .pluck()
        .get(),
    );
    const handle = openSync(spoiled, 'r+');
    writeSync(handle, Buffer.alloc(4096, 0xff), 0, 4096, ((page ?? 0) - 1) * 4096);
    closeSync(handle);

    const { code, stderr } = await backUp(file, { DATABASE_URL: spoiled });

    expect(code).toBe(1);
    expect(stderr).toContain(spoiled);
    expect(stderr).toMatch(/damaged|malformed/);
    expect(stderr).not.toContain('    at ');
    expect(readdirSync(backups)).toEqual(['backup.db']);
    expect((await clientele(['export'], { DATABASE_URL: file })).code).toBe(0);
  });
});

describe('a backup is refused', () => {
  async function refused(file: string, env = given): Promise<string> {
    const { code, stdout, stderr } = await backUp(file, env);
    expect(code).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).not.toContain('    at ');
    return stderr;
  }

  test('onto a file that is no database', async () => {
    const file = join(newFolder(), 'notes.txt');
    writeFileSync(file, 'What not to forget.');
    const { code, stderr } = await backUp(file);
    expect(code).toBe(1);
    expect(stderr).toContain('is no database');
    expect(readFileSync(file, 'utf8')).toBe('What not to forget.');
  });

  test('onto the database itself, by whatever name', async () => {
    const other = newFolder();
    symlinkSync(databasePath, join(other, 'symbolic.db'));
    linkSync(databasePath, join(other, 'hard.db'));
    symlinkSync(join(folder, 'data'), join(other, 'data'));
    for (const file of [
      databasePath,
      join(folder, 'data/../data/clientele.db'),
      join(other, 'symbolic.db'),
      join(other, 'hard.db'),
      join(other, 'data/clientele.db'),
      join(other, 'data/clientele.db-wal'),
      join(other, 'data/clientele.db-journal'),
    ]) {
      expect(await refused(file)).toMatch(/is the database itself/);
    }
    const row = { corporationId: 'corp_123', name: 'Still here' };
    expect(await faces[0]?.create(serving, row)).toHaveProperty('customer');
  });

  test('onto a database that is in use, since its log would be applied to the copy', async () => {
    const path = join(newFolder(), 'clientele.db');
    const other = await Serving.start({ DATABASE_URL: path });
    expect(await refused(path)).toMatch(/in use as a database/);
    await other.stop();
    expect((await backUp(path)).code).toBe(0);
  });

  test('onto what is no file', async () => {
    const file = newFolder();
    expect(await refused(file)).toContain(`${file} is there already and is no file.`);
  });

  test('into a folder that is not there', async () => {
    const file = join(folder, 'nowhere/backup.db');
    expect(await refused(file)).toMatch(/cannot be written to .*nowhere\/backup.db.*no such/);
  });

  test('into a folder that must not be written to', async (context) => {
    if (!(await modesBind())) context.skip('the modes of files do not bind root here');
    const backups = newFolder();
    const file = join(backups, 'backup.db');
    chmodSync(backups, 0o555);
    const { code, stderr } = await clienteleBoundByModes(['backup', file], given);
    expect(code).toBe(1);
    expect(stderr).toMatch(/cannot be written to .*permission denied.*must be writable/);
    expect(readdirSync(backups)).toEqual([]);
  });

  test('of a database that is not there, which is not made either', async () => {
    const missing = join(folder, 'missing.db');
    const backups = newFolder();
    const stderr = await refused(join(backups, 'backup.db'), { DATABASE_URL: missing });
    expect(stderr).toContain(`There is no database ${missing}`);
    expect(readdirSync(backups)).toEqual([]);
    expect(readdirSync(folder)).not.toContain('missing.db');
  });

  test('of a file that is no database', async () => {
    const notes = join(newFolder(), 'notes.txt');
    writeFileSync(notes, 'not a database, but long enough to be looked at as one'.repeat(50));
    const backups = newFolder();
    const stderr = await refused(join(backups, 'backup.db'), { DATABASE_URL: notes });
    expect(stderr).toContain(notes);
    expect(readdirSync(backups)).toEqual([]);
  });

  test('of PostgreSQL, which has tools of its own for that', async () => {
    const backups = newFolder();
    const DATABASE_URL = 'postgres://nobody@127.0.0.1:1/none';
    expect(await refused(join(backups, 'backup.db'), { DATABASE_URL })).toBe(
      'backup copies a file, and DATABASE_URL names PostgreSQL: use pg_dump, or a base backup.\n',
    );
    expect(readdirSync(backups)).toEqual([]);
  });
});
