import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, test } from 'vitest';
import { createDocument } from '../src/rest/openapi/document.js';
import { customer } from '../src/rest/openapi/examples.js';
import type { Json } from './support/client.js';
import { useService } from './support/service.js';

const run = promisify(execFile);

const document: Json = createDocument({ pageLimit: 100, bulkLimit: 500 });
const operations = Object.values<Json>(document.paths)
  .flatMap((item) => Object.values<Json>(item))
  .filter((operation) => operation['x-codeSamples']);

/** How the code of each language is run, as one who pastes it does. */
const interpreters: Record<string, [command: string, ...args: string[]]> = {
  Shell: ['sh', '-c'],
  JavaScript: [process.execPath, '--input-type=module', '-e'],
  Python: ['python3', '-c'],
};

const python = await run('python3', ['--version']).then(
  () => true,
  () => false,
);

const service = useService();

/** A customer in the place of that of the examples. */
async function newCustomer(): Promise<string> {
  const body = { corporation_id: 'corp_123', name: 'Acme' };
  return (await service.current.post('/customers', body)).body.id;
}

beforeAll(() => {
  expect(operations.length).toBeGreaterThan(10);
});

describe.each(operations)('the samples of $operationId', (operation) => {
  test.for<Json>(operation['x-codeSamples'])(
    'in $lang, with $label, are answered',
    async (sample, context) => {
      const { lang, source } = sample;
      if (lang === 'Python' && !python) context.skip('python3 is not here');
      const [command, ...args] = interpreters[lang] ?? ['false'];
      const code = source
        .replaceAll(customer.id, await newCustomer())
        .replaceAll(customer.externalId, crypto.randomUUID())
        .replace(/^curl /, 'curl -sS --fail-with-body ');
      const { url: URL, firstToken: TOKEN } = service.current;
      const env = { PATH: process.env.PATH, URL, TOKEN };
      const { stdout } = await run(command, [...args, code], { env });

      const statuses = Object.keys(operation.responses).filter((status) => status.startsWith('2'));
      if (lang === 'Shell')
        expect(stdout).toMatch(statuses.includes('204') ? /^$/ : /"Success|"Proc/);
      else expect(statuses).toContain(stdout.slice(0, 3));
    },
  );
});
