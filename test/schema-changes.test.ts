import { execFile } from 'node:child_process';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { useFolder } from './support/command.js';

const folder = useFolder();
const script = join(import.meta.dirname, '../.ci/contracts/schemaChanges.js');

/** A repository with a schema.graphql and nothing else. */
class Repository {
  private constructor(readonly path: string) {}

  static async make(): Promise<Repository> {
    const repository = new Repository(await mkdtemp(join(folder, 'repository-')));
    await repository.git('init', '--initial-branch=main');
    return repository;
  }

  git(...args: string[]) {
    const identity = ['-c', 'user.name=Test', '-c', 'user.email=test@example.com'];
    return execute('git', [...identity, ...args], this.path);
  }

  write(schema: string): Promise<void> {
    return writeFile(join(this.path, 'schema.graphql'), schema);
  }

  async commit(schema: string, message: string): Promise<void> {
    await this.write(schema);
    await this.git('add', '.');
    await this.git('commit', '--allow-empty', '--message', message);
  }

  check() {
    return execute(process.execPath, [script], this.path);
  }
}

function execute(command: string, args: string[], cwd: string) {
  return promisify(execFile)(command, args, { cwd, env: { PATH: process.env.PATH } }).then(
    ({ stdout, stderr }) => ({ code: 0, output: stdout + stderr }),
    ({ code, stdout, stderr }) => ({ code: Number(code), output: stdout + stderr }),
  );
}

const schema = (fields: string, rest = 'enum Kind { ONE }') => `type Query { ${fields} }\n${rest}`;

describe('a change of schema.graphql', () => {
  test.each([
    ['that takes a field away', schema('kind: Kind'), 1, 'breaking: Query.name was removed.'],
    ['that renames a field', schema('title: String kind: Kind'), 1, 'Query.name was removed.'],
    ['that lets a field be null', schema('name: String kind: Kind'), 1, 'breaking: Query.name'],
    [
      'that adds a value to an enum',
      schema('name: String! kind: Kind', 'enum Kind { ONE TWO }'),
      0,
      'dangerous: TWO was added to enum type Kind.',
    ],
    ['that adds a field', schema('name: String! kind: Kind more: Int'), 0, 'nothing breaking'],
  ])('%s', async (_, changed, code, message) => {
    const repository = await Repository.make();
    await repository.commit(schema('name: String! kind: Kind'), 'First');
    await repository.write(changed);

    for (const moment of ['before', 'after'] as const) {
      if (moment === 'after') await repository.commit(changed, 'Second');
      const found = await repository.check();
      expect(found, `${moment} it is committed`).toMatchObject({ code });
      expect(found.output).toContain('(First)');
      expect(found.output).toContain(message);
    }
  });

  test('that removes what was deprecated, with the types that go with it, is none', async () => {
    const repository = await Repository.make();
    const old = 'old: Old @deprecated(reason: "Use name.")';
    await repository.commit(schema(`name: String! ${old}`, 'type Old { id: ID! }'), 'First');
    await repository.commit(schema('name: String!', ''), 'Second');
    expect(await repository.check()).toMatchObject({ code: 0 });
  });

  test('that gives a deprecated field another type is breaking', async () => {
    const repository = await Repository.make();
    await repository.commit(schema('name: String old: Int @deprecated(reason: "x")'), 'First');
    await repository.commit(schema('name: String old: ID @deprecated(reason: "x")'), 'Second');
    expect(await repository.check()).toMatchObject({ code: 1 });
  });
});

describe('the schema is compared with', () => {
  test('the last tag, where there is one', async () => {
    const repository = await Repository.make();
    await repository.commit(schema('name: String gone: String'), 'First');
    await repository.git('tag', 'v1.0.0');
    await repository.commit(schema('name: String'), 'Second');
    await repository.commit(schema('name: String'), 'Third');
    const { code, output } = await repository.check();
    expect({ code, output }).toMatchObject({ code: 1 });
    expect(output).toContain('compared with the tag v1.0.0');
  });

  test('where a branch left main, of a clone', async () => {
    const origin = await Repository.make();
    await origin.commit(schema('name: String gone: String'), 'First');
    await origin.commit(schema('name: String gone: String'), 'Second');
    await origin.git('checkout', '-b', 'work');
    await origin.commit(schema('name: String'), 'Third');
    await origin.commit(schema('name: String'), 'Fourth');
    await origin.git('clone', '.', 'clone');
    const { code, output } = await execute(process.execPath, [script], join(origin.path, 'clone'));
    expect({ code, output }).toMatchObject({ code: 1 });
    expect(output).toContain('(Second)');
  });

  test('nothing, and that is told, in a shallow clone', async () => {
    const origin = await Repository.make();
    await origin.commit(schema('name: String'), 'First');
    await origin.commit(schema('name: String'), 'Second');
    await origin.git('clone', '--depth=1', `file://${origin.path}`, 'clone');
    const found = await execute(process.execPath, [script], join(origin.path, 'clone'));
    expect(found).toMatchObject({ code: 1 });
    expect(found.output).toContain('shallow clone');
  });
});
