import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { checkFileSystem } from '../src/doctor/fileSystem.js';
import { checkNode } from '../src/doctor/node.js';
import {
  clientele,
  clienteleBoundByModes,
  clienteleOnTerminal,
  clienteleOnTinyDisk,
  modesBind,
  pasteIn,
  type Result,
  Serving,
  useFolder,
} from './support/command.js';

const folder = useFolder();
let folders = 0;
let whole: string;

function newFolder(): string {
  const path = join(folder, `${++folders}`);
  mkdirSync(path);
  return path;
}

/** A database as the first start makes it, with a customer, of a service that has stopped. */
function newDatabase(): string {
  const path = join(newFolder(), 'clientele.db');
  copyFileSync(whole, path);
  return path;
}

function change(path: string, sql: string): void {
  const sqlite = new BetterSqlite3(path);
  sqlite.pragma('foreign_keys = OFF');
  sqlite.exec(sql);
  sqlite.close();
}

type Finding = { outcome: string; message: string; command: string | null };
type Diagnosis = { code: number; findings: Record<string, Finding>; messages: string[] };

type Run = (args: string[], given: Record<string, string>) => Promise<Result>;

async function diagnose(given: Record<string, string>, run: Run = clientele): Promise<Diagnosis> {
  const { code, stdout, stderr } = await run(['doctor', '--json'], given);
  expect(stderr).toBe('');
  const list: (Finding & { check: string })[] = JSON.parse(stdout);
  return {
    code,
    findings: Object.fromEntries(list.map(({ check, ...finding }) => [check, finding])),
    messages: list.map(({ message }) => message),
  };
}

function expectProblem({ code, findings }: Diagnosis, check: string, message: RegExp): void {
  expect(findings[check]).toMatchObject({ outcome: 'problem' });
  expect(findings[check]?.message).toMatch(message);
  expect(code).toBe(1);
}

function expectWarning({ code, findings }: Diagnosis, check: string, message: RegExp): void {
  expect(findings[check]).toMatchObject({ outcome: 'warning' });
  expect(findings[check]?.message).toMatch(message);
  expect(code).toBe(0);
}

/** Every check that is not `ok`, but for the disk's, which are as the machine is. */
const unsound = ({ findings }: Diagnosis) =>
  Object.entries(findings).filter(
    ([check, { outcome }]) => outcome !== 'ok' && !['location', 'space', 'writes'].includes(check),
  );

beforeAll(async () => {
  whole = join(newFolder(), 'clientele.db');
  const serving = await Serving.start({ DATABASE_URL: whole });
  await serving.post('/customers', { corporation_id: 'corp_123', name: 'Acme' });
  await serving.stop();
});

describe('a sound installation', () => {
  test('has no problem, and is as it was afterwards', async () => {
    const path = newDatabase();
    const before = readFileSync(path);
    const diagnosis = await diagnose({ DATABASE_URL: path });

    expect(diagnosis.code).toBe(0);
    expect(unsound(diagnosis)).toEqual([]);
    expect(Object.keys(diagnosis.findings)).toEqual([
      ...['node', 'settings', 'exposure', 'metrics', 'port', 'location', 'space', 'writes'],
      ...['database', 'integrity', 'wal', 'migrations', 'clock', 'corporations', 'tokens'],
    ]);
    expect(readdirSync(join(path, '..'))).toEqual(['clientele.db']);
    expect(readFileSync(path)).toEqual(before);
  });

  test('is found in order while the service runs, which goes on', async () => {
    const path = newDatabase();
    const serving = await Serving.start({ DATABASE_URL: path });
    onTestFinished(async () => void (await serving.stop()));
    const there = readdirSync(join(path, '..'));

    const diagnosis = await diagnose({ DATABASE_URL: path, PORT: new URL(serving.url).port });

    expect(diagnosis.code).toBe(0);
    expect(unsound(diagnosis)).toEqual([]);
    expect(diagnosis.findings.port?.message).toContain(`Clientele runs at ${serving.url}`);
    expect(readdirSync(join(path, '..'))).toEqual(there);
    expect((await serving.get('/readyz')).status).toBe(200);
  });

  test('is told in a line for each check, within the width of a terminal', async (context) => {
    const env = { DATABASE_URL: newDatabase(), NO_COLOR: '1' };
    const { stdout } = await clientele(['doctor'], env);
    const lines = stdout.trimEnd().split('\n');
    for (const line of lines) expect(line).toMatch(/^(ok|warning|problem)\t[a-z]+\t[^\t]+\.$/);
    expect(lines).toHaveLength(15);

    const shown = await clienteleOnTerminal(['doctor'], env);
    if (!shown) return context.skip('there is no terminal to be had here');
    expect(shown.code).toBe(0);
    expect(shown.stdout).toMatch(/^ok {7}node {10}Node /);
    expect(shown.stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
  });
});

describe('settings', () => {
  test('that make no sense are all problems, and the other checks are made', async () => {
    const DATABASE_URL = newDatabase();
    const diagnosis = await diagnose({ DATABASE_URL, PORT: 'http', PAGE_LIMIT: '1' });
    expect(diagnosis.code).toBe(1);
    expect(diagnosis.messages).toContainEqual(expect.stringMatching(/^PORT must be .*\.$/));
    expect(diagnosis.messages).toContainEqual(expect.stringMatching(/^PAGE_LIMIT must be /));
    expect(diagnosis.findings.integrity).toMatchObject({ outcome: 'ok' });
    expect(diagnosis.findings).not.toHaveProperty('port');
  });

  test('are not taken by default where the database is meant', async () => {
    const diagnosis = await diagnose({ DATABASE_URL: 'mysql://localhost/x' });
    expectProblem(diagnosis, 'settings', /^DATABASE_URL must be a file/);
    expect(diagnosis.findings).not.toHaveProperty('database');
  });

  test.each([
    [{ HOST: '0.0.0.0' }, 'exposure', 'warning', /NODE_ENV=production/],
    [{ HOST: '0.0.0.0', NODE_ENV: 'production' }, 'exposure', 'ok', /Other machines/],
    [
      { HOST: '0.0.0.0', NODE_ENV: 'production', GRAPHIQL: 'on' },
      'exposure',
      'warning',
      /GRAPHIQL/,
    ],
    [{ HOST: '::1' }, 'exposure', 'ok', /Only this machine/],
    [{ METRICS_TOKEN: 'changemechangeme' }, 'metrics', 'warning', /^(?!.*changeme).*guessed/],
    [{ METRICS_TOKEN: '5f2b8c9d0e1a4736' }, 'metrics', 'ok', /^(?!.*5f2b)/],
  ])('%j: %s is %s', async (settings, check, outcome, message) => {
    const { findings } = await diagnose({ DATABASE_URL: newDatabase(), ...settings });
    expect(findings[check]).toMatchObject({ outcome });
    expect(findings[check]?.message).toMatch(message);
  });
});

describe('a database', () => {
  test('that is not there is a problem, and is not made', async () => {
    const path = join(newFolder(), 'below/clientele.db');
    const diagnosis = await diagnose({ DATABASE_URL: path });
    expectProblem(diagnosis, 'database', /There is no database .* Start the service/);
    expect(existsSync(join(path, '..'))).toBe(false);
  });

  test('that is a folder is a problem', async () => {
    expectProblem(await diagnose({ DATABASE_URL: newFolder() }), 'database', /is no file/);
  });

  test('that a link leads to in a circle is a problem', async () => {
    const path = join(newFolder(), 'loop.db');
    symlinkSync(path, path);
    expectProblem(await diagnose({ DATABASE_URL: path }), 'database', /leads nowhere: ELOOP/);
  });

  test('that another program was writing when it ended stays as it is', async () => {
    const path = join(newFolder(), 'hot.db');
    change(path, 'create table songs (id integer); insert into songs values (1)');
    const sqlite = new BetterSqlite3(path);
    // As much as does not fit into the cache, so that it is in the file before it is committed.
    sqlite.pragma('cache_size = 1');
    sqlite.exec('begin; create table more as select randomblob(100000) as x');
    const copy = join(newFolder(), 'hot.db');
    for (const end of ['', '-journal']) copyFileSync(path + end, copy + end);
    sqlite.close();
    const before = [readFileSync(copy), readFileSync(`${copy}-journal`)];

    expectProblem(await diagnose({ DATABASE_URL: copy }), 'database', /./);

    expect([readFileSync(copy), readFileSync(`${copy}-journal`)]).toEqual(before);
  });

  test('commands no terminal by the names that are in it', async () => {
    const path = newDatabase();
    change(
      path,
      `create table "\u001b[2J" (id references corporations (id)); insert into "\u001b[2J" values ('none')`,
    );
    const { stdout } = await clientele(['doctor'], { DATABASE_URL: path });
    expect(stdout).toContain('refer to nothing, in: \ufffd[2J');
    expect(stdout).not.toContain('\u001b[2J');
  });

  test('in memory is a warning', async () => {
    expectWarning(await diagnose({ DATABASE_URL: ':memory:' }), 'database', /in memory/);
  });

  test('that is damaged in an index is a problem', async () => {
    const path = newDatabase();
    const sqlite = new BetterSqlite3(path);
    const page = sqlite
      .prepare<[], number>(
        "select rootpage from sqlite_master where name = 'customers_by_corporation'",
      )
      .pluck()
      .get() as number;
    sqlite.close();
    const bytes = readFileSync(path);
    bytes.fill(0xff, (page - 1) * 4096, page * 4096);
    writeFileSync(path, bytes);
    expectProblem(await diagnose({ DATABASE_URL: path }), 'integrity', /damaged: restore a backup/);
    expect(readFileSync(path)).toEqual(bytes);
  });

  test('whose index lacks a row is a problem', async () => {
    const path = newDatabase();
    const asUnsafe = (work: (sqlite: BetterSqlite3.Database) => void) => {
      const sqlite = new BetterSqlite3(path).unsafeMode();
      sqlite.pragma('writable_schema = ON');
      work(sqlite);
      sqlite.close();
    };
    const index = "sqlite_master where name = 'customers_by_corporation'";
    asUnsafe((sqlite) =>
      sqlite.exec(`create table aside as select * from ${index}; delete from ${index}`),
    );
    change(
      path,
      `insert into customers (id, corporation_id, name, version, created_at, updated_at)
        values ('cust_x', 'corp_123', 'Left out', 1, 1, 1)`,
    );
    asUnsafe((sqlite) =>
      sqlite.exec('insert into sqlite_master select * from aside; drop table aside'),
    );

    const diagnosis = await diagnose({ DATABASE_URL: path });
    expectProblem(diagnosis, 'integrity', /missing from index customers_by_corporation.*Restore/);
  });

  test('that was cut short is a problem', async () => {
    const path = newDatabase();
    truncateSync(path, statSync(path).size - 4096);
    const diagnosis = await diagnose({ DATABASE_URL: path });
    expect(diagnosis.code).toBe(1);
    expect(diagnosis.messages).toContainEqual(
      expect.stringMatching(/damaged.*[Rr]estore a backup/),
    );
  });

  test('that is another kind of file is a problem', async () => {
    const path = join(newFolder(), 'clientele.db');
    writeFileSync(path, 'not a database, but long enough to be looked at as one'.repeat(50));
    expectProblem(await diagnose({ DATABASE_URL: path }), 'database', /not a database/);
  });

  test('of another program is a problem', async () => {
    const path = join(newFolder(), 'other.db');
    change(path, 'create table songs (id integer)');
    expectProblem(await diagnose({ DATABASE_URL: path }), 'database', /of another program/);
  });

  test('with rows that refer to nothing is a problem', async () => {
    const path = newDatabase();
    change(path, 'delete from corporations');
    expectProblem(
      await diagnose({ DATABASE_URL: path }),
      'integrity',
      /refer to nothing, in: customers/,
    );
  });

  test('of a newer version is a problem', async () => {
    const path = newDatabase();
    change(path, "insert into __drizzle_migrations (hash, created_at) values ('x', 1e15)");
    expectProblem(
      await diagnose({ DATABASE_URL: path }),
      'migrations',
      /newer version. Start that one/,
    );
  });

  test('of an older version is a warning, and stays one', async () => {
    const path = newDatabase();
    change(path, 'delete from __drizzle_migrations where id > 1');
    const before = readFileSync(path);
    expectWarning(
      await diagnose({ DATABASE_URL: path }),
      'migrations',
      /^\d+ of this version are to be applied/,
    );
    expect(readFileSync(path)).toEqual(before);
  });

  test('without corporations and tokens is a warning, and what it says to do helps', async () => {
    const env = { DATABASE_URL: join(newFolder(), 'clientele.db') };
    await clientele(['migrate'], env);
    const diagnosis = await diagnose(env);
    expectWarning(diagnosis, 'corporations', /There are none/);
    expectWarning(diagnosis, 'tokens', /There are none/);

    for (const check of ['corporations', 'tokens']) {
      await pasteIn({ env }, diagnosis.findings[check]?.command ?? 'false');
    }
    expect(unsound(await diagnose(env))).toEqual([]);
  });

  test('whose tokens are all expired or revoked is a warning', async () => {
    const path = newDatabase();
    change(path, 'update tokens set revoked_at = 1');
    expectWarning(await diagnose({ DATABASE_URL: path }), 'tokens', /All are expired or revoked/);
  });

  test('with a -wal that has grown out of bounds is a warning, and the -wal stays', async () => {
    const path = newDatabase();
    writeFileSync(`${path}-wal`, '');
    truncateSync(`${path}-wal`, 500_000_000);
    expectWarning(await diagnose({ DATABASE_URL: path }), 'wal', /500 MB/);
    expect(statSync(`${path}-wal`).size).toBe(500_000_000);
  });
});

describe('a clock', () => {
  test('that is behind the rows is a warning', async () => {
    const path = newDatabase();
    change(path, `update customers set updated_at = ${Date.now() + 3_600_000}`);
    expectWarning(await diagnose({ DATABASE_URL: path }), 'clock', /The newest row is of/);
  });

  test('that is from before this version is a problem', async () => {
    const NODE_OPTIONS = '--import "data:text/javascript,Date.now=()=>0"';
    const diagnosis = await diagnose({ DATABASE_URL: newDatabase(), NODE_OPTIONS });
    expectProblem(diagnosis, 'clock', /The clock says 1970-01-01T00:00:00.000Z/);
  });
});

describe('a disk', () => {
  test.for<[string, (path: string) => void]>([
    ['the database', (path) => chmodSync(path, 0o444)],
    ['its folder', (path) => chmodSync(join(path, '..'), 0o555)],
  ])('where %s must not be written to is a problem', async ([, forbid], context) => {
    if (!(await modesBind())) context.skip('the modes of files do not bind root here');
    const path = newDatabase();
    forbid(path);
    const diagnosis = await diagnose({ DATABASE_URL: path }, clienteleBoundByModes);
    chmodSync(join(path, '..'), 0o755);
    expectProblem(diagnosis, 'writes', /must be writable .*permission denied/);
  });

  test('that is in memory, nearly full and syncs nothing is told so', async (context) => {
    const env = { DATABASE_URL: newDatabase() };
    const result = await clienteleOnTinyDisk(
      join(env.DATABASE_URL, '..'),
      ['doctor', '--json'],
      env,
    );
    if (!result) return context.skip('no file system can be mounted here');
    const diagnosis = await diagnose(env, async () => result);
    expectProblem(diagnosis, 'space', /^Only \d+\.\d MB are free/);
    expect(diagnosis.findings).toMatchObject({
      location: { outcome: 'warning', message: expect.stringContaining('in memory (tmpfs)') },
      writes: { outcome: 'warning', message: expect.stringContaining('no disk can do') },
    });
  });

  test.each([
    [0x6969, 'problem', 'NFS'],
    [0xff534d42, 'problem', 'CIFS'],
    // As a 32-bit signed number has it.
    [-11317950, 'problem', 'CIFS'],
    [0x65735546, 'warning', 'FUSE'],
    [0xef53, 'ok', 'neither'],
  ])('of the type %i is: %s', (type, outcome, name) => {
    expect(checkFileSystem(type, '/data')).toMatchObject({
      outcome,
      message: expect.stringContaining(name),
    });
  });
});

describe('a port', () => {
  async function listening(server: Server): Promise<string> {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    return String((server.address() as AddressInfo).port);
  }

  test.each([
    ['says nothing', () => createServer()],
    ['answers HTTP', () => createHttpServer((_, reply) => void reply.end('{"status":"ok"}'))],
  ])('that a program has which %s is a problem', async (_, create) => {
    const PORT = await listening(create());
    const diagnosis = await diagnose({ DATABASE_URL: newDatabase(), PORT });
    expectProblem(diagnosis, 'port', /Another program listens on HOST 127\.0\.0\.1, PORT \d+/);
  });

  test('of an address that is of no network card is a problem', async () => {
    const settings = { DATABASE_URL: newDatabase(), HOST: '192.0.2.1', PORT: '4000' };
    expectProblem(await diagnose(settings), 'port', /must be an address of this machine/);
  });

  test('where the service runs but is not ready is a problem', async () => {
    const path = newDatabase();
    const serving = await Serving.start({ DATABASE_URL: path });
    onTestFinished(async () => void (await serving.stop()));
    renameSync(path, `${path}.away`);
    const settings = { DATABASE_URL: newDatabase(), PORT: new URL(serving.url).port };
    expectProblem(await diagnose(settings), 'port', /runs at .* but is not ready/);
    renameSync(`${path}.away`, path);
  });
});

test('a Node that is too old is a problem, and what package.json asks for is understood', () => {
  const { engines } = JSON.parse(readFileSync('package.json', 'utf8'));
  for (const version of ['v18.20.0', 'v20.9.1']) {
    expect(checkNode(version, engines.node)).toMatchObject({ outcome: 'problem' });
  }
  expect(checkNode(process.version, engines.node)).toMatchObject({ outcome: 'ok' });
});
