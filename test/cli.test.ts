import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { nameOf } from '../src/storage/database.js';
import { parseDatabaseUrl } from '../src/storage/databaseUrl.js';
import { clientele, type Result, Serving } from './support/command.js';
import { rowsOf, storageKind, useDatabases } from './support/database.js';

const newDatabase = useDatabases();
let DATABASE_URL: string;
let serving: Serving;

/** Every command works while the server runs on the same database. */
beforeAll(async () => {
  DATABASE_URL = await newDatabase();
  serving = await Serving.start({ DATABASE_URL });
});

afterAll(() => serving.stop());

const run = (...args: string[]): Promise<Result> => clientele(args, { DATABASE_URL });

const statusOf = async (path: string, token: string, init: RequestInit = {}) => {
  const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' };
  return (await fetch(serving.url + path, { headers, ...init })).status;
};

const create = (token: string, corporation_id: string) =>
  statusOf('/customers', token, {
    method: 'POST',
    body: JSON.stringify({ corporation_id, name: 'Acme' }),
  });

describe('clientele token', () => {
  test('create prints the token alone, and it lets its bearer in at once', async () => {
    const { code, stdout } = await run(
      'token',
      'create',
      '--corporation',
      'corp_123',
      '--name',
      'ci',
    );
    expect(code).toBe(0);
    expect(stdout).toMatch(/^clientele_[0-9a-f]{48}\n$/);
    expect(await create(stdout.trim(), 'corp_123')).toBe(201);
  });

  test('create --corporation reaches those that are named and no other', async () => {
    const [a, b, c] = await Promise.all(
      ['A', 'B', 'C'].map(async (name) => {
        const args = ['--legal-name', name, '--jurisdiction', 'US'];
        return (await run('corporation', 'create', ...args)).stdout.trim();
      }),
    );
    const args = ['--corporation', a ?? '', '--corporation', b ?? '', '--name', 'two'];
    const token = (await run('token', 'create', ...args)).stdout.trim();
    expect(await create(token, a ?? '')).toBe(201);
    expect(await create(token, b ?? '')).toBe(201);
    expect(await create(token, c ?? '')).toBe(400);
  });

  test('create --read-only lets read but not write', async () => {
    const args = ['--all', '--read-only', '--name', 'reader'];
    const token = (await run('token', 'create', ...args)).stdout.trim();
    expect(await statusOf('/corporations/corp_123', token)).toBe(200);
    expect(await create(token, 'corp_123')).toBe(403);
  });

  test('create --expires ends the token by itself', async () => {
    const long = (await run('token', 'create', '--all', '--name', 'l', '--expires', '30d')).stdout;
    const short = (await run('token', 'create', '--all', '--name', 's', '--expires', '1ms')).stdout;
    expect(await create(long.trim(), 'corp_123')).toBe(201);
    expect(await create(short.trim(), 'corp_123')).toBe(401);
  });

  test('revoke ends a token at once', async () => {
    const { stdout } = await run('token', 'create', '--all', '--name', 'doomed', '--json');
    const { id, token } = JSON.parse(stdout);
    expect(await create(token, 'corp_123')).toBe(201);

    expect(await run('token', 'revoke', id)).toMatchObject({ code: 0 });

    expect(await create(token, 'corp_123')).toBe(401);
    expect(await run('token', 'revoke', 'tok_none')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('There is no token tok_none.'),
    });
  });

  test('list shows every token and its state, and none of what it is made of', async () => {
    const created = await run('token', 'create', '--all', '--name', 'listed', '--json');
    const { id, token } = JSON.parse(created.stdout);
    const asTable = (await run('token', 'list')).stdout;
    const asJson = (await run('token', 'list', '--json')).stdout;

    expect(asTable).toContain('listed');
    expect(JSON.parse(asJson)).toContainEqual({
      id,
      name: 'listed',
      state: 'active',
      right: 'write',
      corporations: 'all',
      createdAt: expect.any(String),
      expiresAt: null,
      revokedAt: null,
    });
    const secret = token.slice('clientele_'.length);
    for (const output of [asTable, asJson]) {
      expect(output).not.toContain(secret);
      expect(output).not.toMatch(/[0-9a-f]{48}/);
    }
  });

  test.each([
    ['without a name', ['--all'], '--name'],
    ['with a blank name', ['--all', '--name', ' '], 'blank'],
    ['without a reach', ['--name', 'x'], '--all'],
    ['with two reaches', ['--name', 'x', '--all', '--corporation', 'corp_123'], 'either'],
    ['for no such corporation', ['--name', 'x', '--corporation', 'corp_0'], 'corp_0'],
    ['for a time that is none', ['--name', 'x', '--all', '--expires', 'soon'], '30d'],
    ['for a time without an end', ['--name', 'x', '--all', '--expires', '300000y'], '100y'],
    ['for a time without a unit', ['--name', 'x', '--all', '--expires', '30'], '30d'],
  ])('create %s is refused with what to do', async (_, args, hint) => {
    const { code, stdout, stderr } = await run('token', 'create', ...args);
    expect(code).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toContain(hint);
    expect(stderr).not.toContain('    at ');
  });
});

describe('clientele corporation', () => {
  test('create takes an id from outside, list shows it', async () => {
    const id = 'b6d009b0-d174-463f-b030-94643c28e209';
    const args = ['--legal-name', 'Globex', '--jurisdiction', 'de', '--id', id];
    const created = await run('corporation', 'create', ...args);
    const listed = await run('corporation', 'list', '--json');

    expect(created.stdout).toBe(`${id}\n`);
    expect(JSON.parse(listed.stdout)).toContainEqual({
      id,
      legalName: 'Globex',
      jurisdiction: 'DE',
      createdAt: expect.any(String),
    });
    expect((await run('corporation', 'list')).stdout).toContain('Globex');
    expect(await run('corporation', 'create', ...args)).toMatchObject({
      code: 1,
      stderr: `There is a corporation ${id} already.\n`,
    });
  });

  test('create tells everything that is wrong, by the names of the options', async () => {
    const args = ['--legal-name', ' ', '--jurisdiction', 'XX', '--id', 'cust_1'];
    const { code, stderr } = await run('corporation', 'create', ...args);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^--legal-name must/m);
    expect(stderr).toMatch(/^--jurisdiction must/m);
    expect(stderr).toMatch(/^--id must/m);
  });
});

test.each([
  ['token', 'list'],
  ['token', 'create', '--all', '--name', 'ci'],
  ['corporation', 'list'],
  ['export', '-'],
])('%s %s makes no database where there is none, and says so', async (...args) => {
  const url = await newDatabase();
  const { code, stderr } = await clientele(args, { DATABASE_URL: url });
  expect(code).toBe(1);
  expect(stderr).toContain(`There is no database ${nameOf(parseDatabaseUrl(url))}`);
  if (storageKind === 'sqlite') expect(existsSync(url)).toBe(false);
  else {
    const tables = "select table_name from information_schema.tables where table_schema = 'public'";
    expect(await rowsOf(url, tables)).toEqual([]);
  }
});

describe('clientele migrate', () => {
  test('brings a database up to date, in several processes at once', async () => {
    const env = { DATABASE_URL: await newDatabase() };
    const runs = await Promise.all([1, 2, 3, 4].map(() => clientele(['migrate'], env)));
    expect(runs.map(({ code, stderr }) => ({ code, stderr }))).toEqual(
      runs.map(() => ({ code: 0, stderr: '' })),
    );
    expect(await clientele(['migrate'], env)).toMatchObject({
      code: 0,
      stdout: 'The database is up to date.\n',
    });
    const { stdout } = await clientele(['migrate', '--json'], env);
    expect(JSON.parse(stdout)).toEqual({ applied: 0 });
  });
});

test.each([
  ['a command that is none', ['tokne'], "Unknown command 'tokne'.\n(Did you mean token?)\n", ''],
  ['a subcommand that is none', ['token', 'lits'], "Unknown command 'lits'.", ' token'],
  [
    'an option that is none',
    ['token', 'list', '--jsno'],
    "Unknown option '--jsno'.",
    ' token list',
  ],
  ['an option that lacks', ['token', 'create'], "Required option '--name <name>'", ' token create'],
  ['help on what is none', ['help', 'token', 'lits'], "Unknown command 'lits'.", ' token'],
])(
  '%s is refused in two or three lines, the last of which says where help is',
  async (_, args, message, path) => {
    const { code, stdout, stderr } = await run(...args);
    expect(code).toBe(1);
    expect(stdout).toBe('');
    expect(stderr.startsWith(message)).toBe(true);
    expect(stderr).toMatch(new RegExp(`\\nSee: node dist/main.js${path} --help\\n$`));
    expect(stderr.trim().split('\n').length).toBeLessThanOrEqual(3);
  },
);

test('a token cannot have a name that changes the terminal which lists it', async () => {
  const { code, stderr } = await run('token', 'create', '--all', '--name', 'a\u001b[2Jb');
  expect(code).toBe(1);
  expect(stderr).toContain('control characters');
});
