import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');
const document = readFileSync(join(root, 'SECURITY.md'), 'utf8');

describe('SECURITY.md', () => {
  // "`file.test.ts`: a title; another title. `other.test.ts`: …"
  const shown = [...document.matchAll(/`([\w-]+\.test\.ts)`: ([^|`]+)/g)].flatMap(
    ([, file = '', titles = '']) =>
      titles.split(';').map((title) => [file, title.trim().replace(/\.$/, '')] as const),
  );

  test.each(shown)('points to a test of %s that is there: %s', (file, title) => {
    expect(readFileSync(join(root, 'test', file), 'utf8')).toContain(title);
  });

  test('says of every package that is installed to run the service what it is for', () => {
    const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    const told = [...document.matchAll(/`([\w@/.-]+)`/g)].map(([, name]) => name);
    expect(told).toEqual(expect.arrayContaining(Object.keys(dependencies)));
  });
});
