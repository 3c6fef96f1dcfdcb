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
