import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { useService } from './support/service.js';

const root = join(import.meta.dirname, '..');
const readme = readFileSync(join(root, 'README.md'), 'utf8');
const run = promisify(execFile);
const service = useService();

/** The one block of code of the README that has the text, for the service of this test. */
function pasted(language: string, text: string): string {
  const blocks = readme.matchAll(/^```(\w+)\n(.*?)^```$/gms);
  const found = [...blocks].filter(([, of, code]) => of === language && code?.includes(text));
  expect(found.map(([, , code]) => code)).toHaveLength(1);
  return found[0]?.[2]?.replaceAll('http://127.0.0.1:4000', service.current.url) ?? '';
}

/** Runs it where a reader of the README does, with the token of the first start. */
const paste = async (command: string, args: string[]) =>
  run(command, args, { cwd: root, env: { ...process.env, TOKEN: service.current.firstToken } });

/** The customer that has the id which stands in the text. */
function customerIn(text: string) {
  const [id = ''] = /cust_\w+/.exec(text) ?? [];
  return service.current.rows('select name from customers where id = ?', id);
}

test('the curl of the README creates a customer as it stands', async () => {
  const { stdout } = await paste('sh', ['-c', pasted('sh', '/customers ')]);
  expect(JSON.parse(stdout).message).toBe('Successfully created customer.');
  expect(await customerIn(stdout)).toEqual([{ name: 'Acme Corporation' }]);
});

test('the TypeScript of the README creates a customer as it stands', async () => {
  const code = pasted('ts', 'createCustomer');
  const { stdout } = await paste('npx', ['tsx', '--input-type=module', '--eval', code]);
  expect(stdout).toContain('CreateCustomerSuccess');
  expect(await customerIn(stdout)).toEqual([{ name: 'Acme Corporation' }]);
});

test.each([
  'README.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  'SECURITY.md',
  'docs/api.md',
  'docs/operating.md',
  'bench/README.md',
])('the links of %s lead somewhere', (file) => {
  const text = readFileSync(join(root, file), 'utf8');
  const links = [...text.matchAll(/\]\((?!https?:)([^)\s]*)\)/g)].map(([, link = '']) => link);
  const broken = links.filter((link) => {
    const [path = '', anchor] = link.split('#');
    const target = path ? join(root, dirname(file), path) : join(root, file);
    return !existsSync(target) || (anchor !== undefined && !anchorsOf(target).includes(anchor));
  });
  expect(broken).toEqual([]);
});

/** As GitHub makes them of headings. */
function anchorsOf(file: string): string[] {
  const headings = readFileSync(file, 'utf8').matchAll(/^#+ (.*)$/gm);
  return [...headings].map(([, text = '']) =>
    text
      .toLowerCase()
      .replaceAll(/[^\p{L}\d\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );
}
