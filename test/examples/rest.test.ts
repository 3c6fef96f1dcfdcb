import { execFile, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Service, useService } from '../support/service.js';

const root = join(import.meta.dirname, '../..');

type Run = { code: number; output: string };

function run(command: string, file: string, { url, firstToken }: Service): Promise<Run> {
  const env = { PATH: process.env.PATH, TOKEN: firstToken, URL: url };
  return new Promise((resolve) => {
    execFile(command, [file], { cwd: root, env }, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code) : 0, output: stdout + stderr }),
    );
  });
}

describe.each([
  { command: 'curl', by: 'sh', file: 'examples/rest/create.sh', refused: 22 },
  { command: process.execPath, file: 'examples/rest/create.mjs', refused: 1 },
  { command: 'python3', file: 'examples/rest/create.py', refused: 1 },
])('$file', ({ command, by = command, file, refused }) => {
  const isHere = spawnSync(command, ['--version']).status === 0;
  if (!isHere) console.warn(`Skipped: ${file}, for there is no ${command}.`);
  const service = useService();

  test.skipIf(!isHere)('creates a customer, and when run again shows what is wrong', async () => {
    const first = await run(by, file, service.current);
    const second = await run(by, file, service.current);

    const rows = await service.current.rows('select id, name, email, external_id from customers');
    expect(rows).toEqual([
      {
        id: expect.any(String),
        name: 'Acme Corporation',
        email: 'contact@acme.com',
        external_id: 'ext_456',
      },
    ]);
    expect(first).toEqual({ code: 0, output: expect.stringContaining(String(rows[0]?.id)) });
    expect(second.code).toBe(refused);
    expect(second.output).toContain('CONFLICT');
    expect(second.output).toContain('external_id');
  });
});
