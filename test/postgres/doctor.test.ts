import { expect, test } from 'vitest';
import { nameOf } from '../../src/storage/database.js';
import { parseDatabaseUrl } from '../../src/storage/databaseUrl.js';
import { clientele } from '../support/command.js';
import { execute, useDatabases } from '../support/database.js';

const newDatabase = useDatabases();

/** What each check of `clientele doctor` finds. */
async function diagnose(DATABASE_URL: string) {
  const { code, stdout } = await clientele(['doctor', '--json'], { DATABASE_URL });
  const findings: { check: string; outcome: string; message: string }[] = JSON.parse(stdout);
  return { code, of: (check: string) => findings.find((finding) => finding.check === check) };
}

test('clientele doctor finds a database that is in use in order', async () => {
  const DATABASE_URL = await newDatabase();
  const corporation = ['--legal-name', 'Acme', '--jurisdiction', 'US'];
  await clientele(['corporation', 'create', ...corporation], { DATABASE_URL });
  await clientele(['token', 'create', '--all', '--name', 'app'], { DATABASE_URL });

  const { code, of } = await diagnose(DATABASE_URL);

  const name = nameOf(parseDatabaseUrl(DATABASE_URL));
  expect(of('database')?.message).toMatch(new RegExp(`^${name} answers: PostgreSQL \\d+`));
  expect(
    ['migrations', 'clock', 'corporations', 'tokens'].map((name) => of(name)?.outcome),
  ).toEqual(['ok', 'ok', 'ok', 'ok']);
  expect(code).toBe(0);
});

test('clientele doctor makes nothing in a database that is empty', async () => {
  const DATABASE_URL = await newDatabase();
  expect((await diagnose(DATABASE_URL)).of('migrations')).toMatchObject({ outcome: 'warning' });
  expect((await diagnose(DATABASE_URL)).of('migrations')).toMatchObject({ outcome: 'warning' });
});

test('clientele doctor tells of a database of another program, and of none for an extension', async () => {
  const DATABASE_URL = await newDatabase();
  await execute(DATABASE_URL, 'create table songs (id integer)');
  const foreign = await diagnose(DATABASE_URL);
  await execute(DATABASE_URL, 'create extension pg_trgm');
  await execute(DATABASE_URL, 'alter extension pg_trgm add table songs');
  const extended = await diagnose(DATABASE_URL);

  expect(foreign.code).toBe(1);
  expect(foreign.of('database')).toMatchObject({ outcome: 'problem' });
  expect(foreign.of('database')?.message).toContain('of another program');
  expect(foreign.of('migrations')).toBeUndefined();
  expect(extended.of('database')).toMatchObject({ outcome: 'ok' });
});

test('clientele doctor tells what it cannot look at, and looks at the rest', async () => {
  const DATABASE_URL = await newDatabase();
  await clientele(['migrate'], { DATABASE_URL });
  await execute(DATABASE_URL, 'alter table corporations rename to companies');

  const { code, of } = await diagnose(DATABASE_URL);

  expect(code).toBe(1);
  for (const check of ['clock', 'corporations']) {
    expect(of(check)).toMatchObject({ outcome: 'problem' });
    expect(of(check)?.message).toMatch(/cannot be read: relation "corporations" does not exist\.$/);
  }
  expect(of('tokens')).toMatchObject({ outcome: 'warning' });
});

test('clientele doctor tells of a newer version, and whether this one can go on', async () => {
  const DATABASE_URL = await newDatabase();
  await clientele(['migrate'], { DATABASE_URL });
  const apply = (migration: string) =>
    execute(DATABASE_URL, `insert into __drizzle_migrations values (${migration})`);

  await apply("1e15, 'adds', null");
  const added = await diagnose(DATABASE_URL);
  await apply("2e15, 'takes away', 1e15");
  const taken = await diagnose(DATABASE_URL);

  expect(added.of('migrations')).toMatchObject({ outcome: 'warning' });
  expect(added.of('tokens')).toBeDefined();
  expect(taken.of('database')).toMatchObject({ outcome: 'ok' });
  expect(taken.of('migrations')).toMatchObject({ outcome: 'problem' });
  expect(taken.of('migrations')?.message).toContain('a newer version has taken it away');
});

test('clientele doctor tells of a database that takes no writes, and of one that is not there', async () => {
  const DATABASE_URL = await newDatabase();
  await clientele(['migrate'], { DATABASE_URL });
  const name = new URL(DATABASE_URL).pathname.slice(1);
  await execute(DATABASE_URL, `alter database ${name} set default_transaction_read_only = on`);

  const readOnly = await diagnose(DATABASE_URL);
  const missing = await diagnose(`${DATABASE_URL}_none`);

  expect(readOnly.code).toBe(1);
  expect(readOnly.of('database')?.message).toContain('takes no writes');
  expect(missing.code).toBe(1);
  expect(missing.of('database')).toMatchObject({ outcome: 'problem' });
});
