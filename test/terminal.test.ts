import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  clientele,
  clienteleOnTerminal,
  paste,
  serveOnTerminal,
  useFolder,
} from './support/command.js';

const env = { DATABASE_URL: join(useFolder(), 'clientele.db') };
const terminal = (await clienteleOnTerminal(['--version'])) !== null;

/** What begins the control sequences of ECMA-48, those of colours among them. */
const introducer = '\u001b[';

beforeAll(async () => {
  const corporation = ['--legal-name', 'Acme\u2003Inc.', '--jurisdiction', 'US', '--id', 'corp_1'];
  await clientele(['corporation', 'create', ...corporation], env);
  const token = ['token', 'create', '--name', 'ci', '--corporation', 'corp_1'];
  await clientele([...token, '--read-only'], env);
});

describe.skipIf(!terminal)('on a terminal', () => {
  const show = async (args: string[], given: Record<string, string> = {}, columns?: number) =>
    (await clienteleOnTerminal(args, { ...env, ...given }, columns))?.stdout ?? '';

  test('a list is a table', async () => {
    const output = await show(['corporation', 'list'], { NO_COLOR: '1' });
    expect(output).toMatch(/^┌─.*\n│ id +│ legalName +│ jurisdiction │ createdAt +│\n├/);
    expect(output).toMatch(/\n│ corp_1 │ Acme.Inc. │ US +│ \d{4}-/);
  });

  test.each([80, 120, 200])(
    'a table is no wider than %d columns, and has every value',
    async (columns) => {
      const output = await show(['token', 'list'], { NO_COLOR: '1' }, columns);
      expect(output.split('\n').filter((line) => line.length > columns)).toEqual([]);
      expect(output).toMatch(/tok_\w{26} /);
      expect(output).toMatch(/revokedAt/);
    },
  );

  test('a list without rows says so', async () => {
    const empty = { DATABASE_URL: join(env.DATABASE_URL, '../empty.db') };
    await clientele(['migrate'], empty);
    expect(await show(['token', 'list'], empty)).toBe('none\n');
    expect((await clientele(['token', 'list'], empty)).stdout).toBe('');
  });

  const commands = [['--help'], ['token', 'list'], ['doctor'], ['explode']];

  test.each(commands)('%s %s has no colours with NO_COLOR', async (...args) => {
    expect(await show(args, { NO_COLOR: '1' })).not.toContain(introducer);
    expect(await show(args, { NO_COLOR: '1', FORCE_COLOR: '1' })).not.toContain(introducer);
  });

  test.each(commands.slice(0, 3))(
    '%s %s has colours, also when NO_COLOR is empty',
    async (...args) => {
      expect(await show(args)).toContain(introducer);
      expect(await show(args, { NO_COLOR: '' })).toContain(introducer);
      expect(await show(args, { TERM: 'dumb' })).not.toContain(introducer);
    },
  );

  test('JSON has no colours', async () => {
    for (const args of [['token', 'list'], ['doctor']]) {
      const output = await show([...args, '--json'], { FORCE_COLOR: '1' });
      expect(JSON.parse(output)).toBeInstanceOf(Array);
    }
  });

  test('the log of a service is readable, and coloured unless NO_COLOR is set', async () => {
    const database = { DATABASE_URL: join(env.DATABASE_URL, '../served.db') };
    const coloured = await serveOnTerminal(database);
    const plain = await serveOnTerminal({ ...database, NO_COLOR: '1' });

    expect(coloured).toContain(`${introducer}32mINFO${introducer}39m`);
    expect(plain).toMatch(/^\[\d\d:\d\d:\d\d\.\d{3}\] INFO: listening/m);
    expect(plain).toMatch(/INFO: stopped$/m);
    expect(plain).not.toContain(introducer);
  });

  test('a second start says how to make a token for the database that it has', async () => {
    const DATABASE_URL = join(env.DATABASE_URL, '../second.db');
    await serveOnTerminal({ DATABASE_URL });
    const output = await serveOnTerminal({ DATABASE_URL });
    const hint = /^ {2}(.* token create .*)$/m.exec(output)?.[1] ?? '';
    expect(await paste(hint)).toMatch(/^clientele_[0-9a-f]{48}\n$/);
  });
});

describe('where there is no terminal', () => {
  test('a list has a line for each row, with tabs between its values', async () => {
    const { stdout } = await clientele(['token', 'list'], env);
    expect(stdout).toMatch(/^tok_\w{26}\tci\tactive\tread\tcorp_1\t[\d-]{10}T[\d:.]{12}Z\t-\t-\n$/);
    const corporations = await clientele(['corporation', 'list'], env);
    expect(corporations.stdout).toMatch(/^corp_1\tAcme.Inc\.\tUS\t.*\n$/);
  });

  test('a summary has a line for each value, with its name', async () => {
    const { stdout } = await clientele(['import', '-', '--corporation', 'corp_1'], env, '');
    expect(stdout).toBe('rows\t0\ncreated\t0\nupdated\t0\nrepeated\t0\nrejected\t0\n');
  });

  test('there are no colours, unless FORCE_COLOR is set', async () => {
    expect((await clientele(['--help'], env)).stdout).not.toContain(introducer);
    expect((await clientele(['--help'], { FORCE_COLOR: '1' })).stdout).toContain(introducer);
    const both = { FORCE_COLOR: '1', NO_COLOR: '1' };
    expect((await clientele(['--help'], both)).stdout).not.toContain(introducer);
  });
});
