import { execFile } from 'node:child_process';
import {
  chmodSync,
  closeSync,
  copyFileSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import BetterSqlite3 from 'better-sqlite3';
import { beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import type { Client, Json, Reply } from './support/client.js';
import {
  clientele,
  clienteleBoundByModes,
  modesBind,
  Serving,
  useFolder,
} from './support/command.js';
import { faces } from './support/faces.js';
import { Service } from './support/service.js';

const folder = useFolder();
let databases = 0;

function newDatabase(): string {
  const path = join(folder, `${++databases}`);
  mkdirSync(path);
  return join(path, 'clientele.db');
}

/** Works on the file from beside the service, as another process does. */
function withDatabase<T>(path: string, work: (sqlite: BetterSqlite3.Database) => T): T {
  const sqlite = new BetterSqlite3(path);
  try {
    return work(sqlite);
  } finally {
    sqlite.close();
  }
}

/** Brings all that was committed into the file itself. */
function checkpoint(path: string): void {
  withDatabase(path, (sqlite) => sqlite.pragma('wal_checkpoint(TRUNCATE)'));
}

/** Overwrites the first page of a table or an index. */
function spoil(path: string, name: string): void {
  checkpoint(path);
  const page = withDatabase(path, (sqlite) =>
    sqlite
      .prepare<[string], number>('select rootpage from sqlite_master where name = ?')
      .pluck()
      .get(name),
  );
  const file = openSync(path, 'r+');
  writeSync(file, Buffer.alloc(4096, 0xff), 0, 4096, ((page ?? 0) - 1) * 4096);
  closeSync(file);
}

const acme = (externalId: string) => ({ corporationId: 'corp_123', name: 'Acme', externalId });

/** What a service answers that cannot write: the same on both faces, and readiness along with them. */
async function expectNoWrites(service: Client): Promise<void> {
  const body = { corporation_id: 'corp_123', name: 'Acme' };
  const [reply, ...outcomes] = await Promise.all([
    service.post('/customers', body),
    ...faces.map((face) => face.create(service, acme(`refused-${face.name}`))),
  ]);
  expectUnavailable(reply);
  expect(reply.body).toMatchObject({ status: 503, code: 'UNAVAILABLE' });
  for (const outcome of outcomes) expect(outcome).toEqual({ code: 'UNAVAILABLE', issues: [] });
  expectUnavailable(await service.get('/readyz'));
}

function expectUnavailable({ status, headers }: Reply): void {
  expect(status).toBe(503);
  expect(headers.get('retry-after')).toBe('1');
}

async function expectReads(service: Client, id: string): Promise<void> {
  for (const face of faces) {
    expect(await face.read(service, id)).toMatchObject({ id });
    const page = await face.list(service, { corporationId: 'corp_123' });
    expect(page).toMatchObject({ ids: expect.arrayContaining([id]) });
  }
  expect((await service.get('/healthz')).status).toBe(200);
}

/** Refused writes left nothing behind, and new ones are taken. */
async function expectRecovery(service: Client): Promise<void> {
  await vi.waitUntil(async () => (await service.get('/readyz')).status === 200, {
    timeout: 15_000,
  });
  for (const face of faces) {
    const page = await face.list(service, {
      corporationId: 'corp_123',
      filter: { externalId: `refused-${face.name}` },
    });
    expect(page).toMatchObject({ total: 0 });
    expect(await face.create(service, acme(`refused-${face.name}`))).toHaveProperty('customer');
  }
}

function isIndexed(path: string): boolean {
  return withDatabase(path, (sqlite) => {
    const through = sqlite.prepare('select indexed_through from search_index_state').pluck();
    return through.get() === 1;
  });
}

async function createOne(service: Client): Promise<string> {
  const outcome = await faces[0]?.create(service, acme('first'));
  return (outcome as { customer: Json }).customer.id;
}

function expectNoFaultOfOurs(output: string): void {
  expect(output).not.toMatch(/"code":"INTERNAL"|Unhandled|Warning/);
}

describe('a disk that is full', () => {
  /** No file of the process may grow beyond so many bytes. */
  const limitFiles = (pid: number, bytes: number | 'unlimited') =>
    promisify(execFile)('prlimit', ['--pid', `${pid}`, `--fsize=${bytes}:unlimited`]);

  test('refuses writes, answers reads, and recovers when there is room again', async (context) => {
    const path = newDatabase();
    const serving = await Serving.start({ DATABASE_URL: path });
    onTestFinished(async () => void (await serving.stop()));
    const id = await createOne(serving);
    expect((await serving.get('/readyz')).status).toBe(200);
    // Amid that commit the log file is longer than what is in it, and would have room left.
    await vi.waitUntil(() => isIndexed(path), { timeout: 10_000 });
    try {
      await limitFiles(serving.pid, statSync(`${path}-wal`).size);
    } catch {
      context.skip('prlimit is not here to limit the size of files');
    }

    await expectNoWrites(serving);
    await expectReads(serving, id);
    expectUnavailable(await serving.get('/readyz'));
    const kept = withDatabase(path, (sqlite) => [
      sqlite.prepare('select count(*) from customers').pluck().get(),
      sqlite.pragma('integrity_check', { simple: true }),
    ]);
    expect(kept).toEqual([1, 'ok']);

    await limitFiles(serving.pid, 'unlimited');
    await expectRecovery(serving);
    expect(serving.output).toContain('disk I/O error');
    expectNoFaultOfOurs(serving.output);
  });

  test('is noticed by readiness also before the first write', async (context) => {
    const path = newDatabase();
    await (await Serving.start({ DATABASE_URL: path })).stop();
    const serving = await Serving.start({ DATABASE_URL: path, NODE_ENV: 'production' });
    onTestFinished(async () => void (await serving.stop()));
    try {
      await limitFiles(serving.pid, 1);
    } catch {
      context.skip('prlimit is not here to limit the size of files');
    }
    expectUnavailable(await serving.get('/readyz'));
    await limitFiles(serving.pid, 'unlimited');
    expect((await serving.get('/readyz')).status).toBe(200);
  });
});

describe('a lock that another process holds', () => {
  test('for less than the time that a write may wait is waited for', async () => {
    const service = await Service.start();
    onTestFinished(() => service.destroy());
    const other = new BetterSqlite3(service.databaseUrl);
    other.exec('begin immediate');

    const answers = Promise.all(faces.map((face) => face.create(service, acme(face.name))));
    const first = await Promise.race([answers, service.get('/customers?corporation_id=corp_123')]);
    expect(first).toMatchObject({ status: 200 });
    other.exec('rollback');
    other.close();

    for (const answer of await answers) expect(answer).toHaveProperty('customer');
  });

  test('for longer is answered 503 while reads go on, and is recovered from', async () => {
    const service = await Service.start();
    onTestFinished(() => service.destroy());
    const id = await createOne(service);
    const other = new BetterSqlite3(service.databaseUrl);
    other.exec('begin immediate');

    const refused = expectNoWrites(service);
    await expectReads(service, id);
    await refused;
    await expectReads(service, id);
    other.exec('rollback');
    other.close();

    await expectRecovery(service);
  }, 60_000);
});

test('a batch of the search index that another process held up is made up for by itself', async () => {
  const path = newDatabase();
  const serving = await Serving.start({ DATABASE_URL: path });
  await createOne(serving);
  await serving.stop();
  const other = new BetterSqlite3(path);
  onTestFinished(() => void other.close());
  other.exec(`
    with recursive n (n) as (select 1 union all select n + 1 from n where n < 1200)
    insert into customers (id, corporation_id, name, version, created_at, updated_at)
      select 'cust_' || n, corporation_id, 'Held up', 1, 1, 1 from n, (select corporation_id from customers)
  `);
  const indexed = other.prepare('select indexed_through from search_index_state').pluck();
  // The first customer may be in it by now.
  expect(indexed.get()).toBeLessThanOrEqual(1);

  other.exec('begin immediate');
  const again = await Serving.start({ DATABASE_URL: path });
  onTestFinished(async () => void (await again.stop()));
  again.firstToken = serving.firstToken;
  const body = { corporation_id: 'corp_123', name: 'Acme' };
  expect((await again.post('/customers', body)).status).toBe(503);
  other.exec('rollback');
  await vi.waitUntil(() => indexed.get() === 1201, { timeout: 20_000 });
}, 60_000);

describe('a database that is damaged', () => {
  let whole: string;
  let backup: string;
  let token: string;
  let id: string;

  beforeAll(async () => {
    whole = newDatabase();
    backup = join(folder, 'backup.db');
    const serving = await Serving.start({ DATABASE_URL: whole });
    token = serving.firstToken;
    id = await createOne(serving);
    expect((await clientele(['backup', backup], { DATABASE_URL: whole })).code).toBe(0);
    await serving.stop();
  });

  function copyOf(source: string): string {
    const path = newDatabase();
    copyFileSync(source, path);
    return path;
  }

  /** Stops, puts the backup in its place, and starts again. */
  async function expectRestored(path: string): Promise<void> {
    copyFileSync(backup, path);
    const serving = await Serving.start({ DATABASE_URL: path });
    onTestFinished(async () => void (await serving.stop()));
    serving.firstToken = token;
    expect((await serving.get('/readyz')).status).toBe(200);
    await expectReads(serving, id);
  }

  test('while the service was stopped is answered 503, and a backup mends it', async () => {
    const path = copyOf(whole);
    spoil(path, 'customers_by_corporation');
    const serving = await Serving.start({ DATABASE_URL: path });
    serving.firstToken = token;

    for (const face of faces) {
      const listed = await face.list(serving, { corporationId: 'corp_123' });
      expect(listed).toMatchObject({ code: 'UNAVAILABLE' });
    }
    await expectNoWrites(serving);
    expect((await serving.get('/healthz')).status).toBe(200);
    expect(await serving.stop()).toBe(0);
    expect(serving.output).toContain('database disk image is malformed');
    expectNoFaultOfOurs(serving.output);

    await expectRestored(path);
  });

  test('while it runs is answered 503, and a backup mends it', async () => {
    const path = copyOf(whole);
    const serving = await Serving.start({ DATABASE_URL: path });
    serving.firstToken = token;
    await expectReads(serving, id);

    spoil(path, 'customers_by_id');
    // Pages are read anew once another process has written.
    const args = ['token', 'create', '--all', '--name', 'another'];
    expect((await clientele(args, { DATABASE_URL: path })).code).toBe(0);

    expectUnavailable(await serving.get(`/customers/${id}`));
    await expectNoWrites(serving);
    expect(await serving.stop()).toBe(0);
    expectNoFaultOfOurs(serving.output);

    await expectRestored(path);
  });

  test('in its search index ends neither creates nor the service, and readiness tells', async () => {
    const path = copyOf(whole);
    const serving = await Serving.start({ DATABASE_URL: path });
    serving.firstToken = token;
    spoil(path, 'customer_names_idx');
    spoil(path, 'customer_names_data');
    const args = ['token', 'create', '--all', '--name', 'another'];
    await clientele(args, { DATABASE_URL: path });

    const inputs = Array.from({ length: 500 }, () => ({ corporationId: 'corp_123', name: 'Acme' }));
    for (const face of faces) {
      for (const outcome of await face.createMany(serving, inputs)) {
        expect(outcome).toHaveProperty('customer');
      }
    }
    await vi.waitUntil(async () => (await serving.get('/readyz')).status === 503, {
      timeout: 10_000,
    });
    expect(await serving.stop()).toBe(0);
    expectNoFaultOfOurs(serving.output);
  });

  async function expectNoStart(path: string, env: Record<string, string> = {}): Promise<string> {
    const { code, stdout, stderr } = await clientele(['serve'], { DATABASE_URL: path, ...env });
    expect(code).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toContain(path);
    expect(stderr).not.toContain('    at ');
    return stderr;
  }

  test('by being cut short does not start', async () => {
    const path = copyOf(backup);
    truncateSync(path, statSync(path).size - 4096);
    expect(await expectNoStart(path)).toMatch(/damaged: restore a backup/);
    const before = readFileSync(path);
    expect(await clientele(['migrate'], { DATABASE_URL: path })).toMatchObject({ code: 1 });
    expect(readFileSync(path)).toEqual(before);
    await expectRestored(path);
  });

  test.each([
    ['in its first page', 'sqlite_schema', /malformed|not a database/],
    ['in its list of migrations', '__drizzle_migrations', /damaged: restore a backup/],
    ['in its customers', 'customers', /damaged: restore a backup/],
  ])('%s does not start', async (_, part, message) => {
    const path = copyOf(backup);
    if (part === 'sqlite_schema') {
      const file = openSync(path, 'r+');
      writeSync(file, Buffer.alloc(1000, 0xff), 0, 1000, 100);
      closeSync(file);
    } else {
      spoil(path, part);
    }
    expect(await expectNoStart(path)).toMatch(message);
  });

  test('by being another kind of file does not start, and stays as it is', async () => {
    const path = newDatabase();
    const text = 'not a database, but long enough to be looked at as one'.repeat(50);
    writeFileSync(path, text);
    expect(await expectNoStart(path)).toMatch(/not a database.*restore a backup/);
    expect(readFileSync(path, 'utf8')).toBe(text);
  });

  test('by a newer version, as this one sees it, does not start, and stays as it is', async () => {
    const path = copyOf(backup);
    withDatabase(path, (sqlite) =>
      sqlite.exec(`insert into __drizzle_migrations (hash, created_at) values ('x', 1e15)`),
    );
    expect(await expectNoStart(path)).toMatch(/newer version. Start that one/);
    await expectRestored(path);
  });
});

test('a database that is taken away while it runs is noticed by readiness, until it is back', async () => {
  const service = await Service.start();
  onTestFinished(() => service.destroy());
  expect((await service.get('/readyz')).status).toBe(200);

  renameSync(service.databaseUrl, `${service.databaseUrl}.away`);
  expectUnavailable(await service.get('/readyz'));
  copyFileSync(`${service.databaseUrl}.away`, service.databaseUrl);
  expectUnavailable(await service.get('/readyz'));

  renameSync(`${service.databaseUrl}.away`, service.databaseUrl);
  expect((await service.get('/readyz')).status).toBe(200);
});

describe('files that must not be written to', () => {
  test.for<[string, (path: string) => void]>([
    ['the database', (path) => chmodSync(path, 0o444)],
    ['its folder', (path) => chmodSync(join(path, '..'), 0o555)],
  ])('%s: does not start, and says so', async ([, forbid], context) => {
    if (!(await modesBind())) context.skip('the modes of files do not bind root here');
    const path = newDatabase();
    await (await Serving.start({ DATABASE_URL: path })).stop();
    forbid(path);
    const { code, stderr } = await clienteleBoundByModes(['serve'], { DATABASE_URL: path });
    chmodSync(join(path, '..'), 0o755);
    expect(code).toBe(1);
    expect(stderr).toContain(path);
    expect(stderr).toMatch(/permission denied.*Its folder and it must be writable/);
    expect(stderr).not.toContain('    at ');
  });
});
