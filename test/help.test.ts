import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CommandUnknownOpts } from '@commander-js/extra-typings';
import { describe, expect, test } from 'vitest';
import { createProgram } from '../src/cli/program.js';
import { clientele, clienteleUnread, pasteIn, useFolder } from './support/command.js';
import { storageKind, useDatabases } from './support/database.js';

const folder = useFolder();
const createDatabase = useDatabases();

/** Every command with those it belongs to, such as `token create`. */
function pathsOf(command: CommandUnknownOpts, path: string[] = []): string[][] {
  return [path, ...command.commands.flatMap((child) => pathsOf(child, [...path, child.name()]))];
}

const paths = pathsOf(createProgram('0.0.0'));

/** The command lines below "Examples:", each with the lines that a backslash joins. */
function examplesIn(help: string): string[] {
  const section = /\nExamples:\n([\s\S]*?)\n\n/.exec(help)?.[1] ?? '';
  return (section.match(/^ {2}\S(?:.*\\\n)*.*$/gm) ?? []).map((example) => example.trim());
}

describe.each(paths.map((path) => [path.join(' ') || 'clientele', path] as const))(
  'the help of %s',
  (_, path) => {
    test('fits into 80 columns, has a sentence, examples, and where the docs are', async () => {
      const asked = await clientele([...path, '--help']);
      const { code, stdout, stderr } = await clientele(['help', ...path]);
      const [, file = '', section] = /\nDocs: (\S+), "(.*)"\n$/.exec(stdout) ?? [];

      expect(asked).toEqual({ code, stdout, stderr });
      expect(code).toBe(0);
      expect(stderr).toBe('');
      expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
      expect(stdout).toMatch(/^Usage: node dist\/main\.js .*\n\n[A-Z][\s\S]*?\.\n\n/);
      expect(examplesIn(stdout).length).toBeGreaterThan(0);
      expect(readFileSync(file, 'utf8')).toContain(`\n## ${section}\n`);
    });
  },
);

test('without a command there is help', async () => {
  const { stderr } = await clientele([]);
  expect(stderr).toBe((await clientele(['--help'])).stdout);
});

test('help that nobody reads to its end is no fault', async () => {
  expect(await clienteleUnread(['help'])).toEqual({ code: 0, stderr: '' });
});

test('every example works as it stands', async () => {
  const cwd = join(folder, 'my customers');
  mkdirSync(join(cwd, 'data'), { recursive: true });
  const where = { cwd, env: { DATABASE_URL: join(cwd, 'data/clientele.db') } };
  // Where there is no server, another file stands for its database.
  const postgres = storageKind === 'postgres' ? await createDatabase() : 'file:postgres.db';
  const main = join(import.meta.dirname, '../dist/main.js');
  const run = (args: string) => pasteIn(where, `node ${main} ${args}`);
  await run('corporation create --legal-name Acme --jurisdiction US --id corp_123');
  const token = JSON.parse(await run('token create --all --name doomed --json'));

  // Export makes the files that import reads.
  const exportFirst = ([name]: string[]) => (name === 'export' ? 0 : 1);
  for (const path of paths.toSorted((a, b) => exportFirst(a) - exportFirst(b))) {
    const examples = examplesIn(await run(`${path.join(' ')} --help`));
    for (const example of examples) {
      expect(example).toContain(`node ${main} `);
      // It would not end.
      if (example.endsWith(' serve')) continue;
      await pasteIn(
        where,
        example.replace(/tok_\w+/, token.id).replace(/postgres:\/\/\S+/, postgres),
      );
    }
  }
}, 120_000);

test('what is shown to be pasted is called as this one was', async () => {
  const env = { npm_package_name: 'clientele', npm_lifecycle_event: 'clientele' };
  const { stdout } = await clientele(['token', '--help'], env);
  expect(stdout).toContain(
    '\nExamples:\n  npm run -s clientele -- token create --all --name app\n',
  );
});
