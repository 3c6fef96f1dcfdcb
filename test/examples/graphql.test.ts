import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, onTestFinished, test } from 'vitest';
import { Service, useService } from '../support/service.js';
import { startProxy } from './proxy.js';

const service = useService();
const root = join(import.meta.dirname, '../..');
const tsx = join(root, 'node_modules/.bin/tsx');

/** What the example prints. Rejects when it fails. */
async function run(
  name: string,
  { at = service.current, url, args = [] }: { at?: Service; url?: string; args?: string[] } = {},
) {
  const { stdout } = await promisify(execFile)(
    tsx,
    [join(root, 'examples/graphql', `${name}.ts`), ...args],
    { env: { PATH: process.env.PATH, URL: url ?? at.url, TOKEN: at.firstToken } },
  );
  return stdout.trimEnd();
}

describe('examples/graphql', () => {
  test('create.ts creates a customer, and then tells which one has its external id', async () => {
    const created = /^Created Acme Corporation as (cust_\w+)\.$/.exec(await run('create'));
    expect(created).not.toBeNull();
    expect(await run('create')).toBe(`ext_create is Acme Corporation already, ${created?.[1]}.`);
  });

  test('retry.ts creates one customer, though the answer to its first attempt is lost', async () => {
    const countCreated = async () =>
      (await service.current.rows('select count(*) as n from customers where name = ?', 'Acme'))[0]
        ?.n;
    let lost = 0;
    await using proxy = await startProxy(service.current.url, { losesAnswer: () => ++lost === 1 });
    expect(await countCreated()).toBe(0);

    const output = await run('retry', { url: proxy.url });

    expect(output).toContain('Attempt 1 failed.');
    expect(output).toContain("__typename: 'CreateCustomerSuccess'");
    expect(output).toContain('replayed: true');
    expect(await countCreated()).toBe(1);
  });

  test('retry.ts tries again while no more writes are taken', async () => {
    const full = await Service.start({ WRITE_QUEUE_LIMIT: '1' });
    onTestFinished(() => full.destroy());
    const release = await full.holdWrites();
    const waiting = full.post('/customers', { corporation_id: 'corp_123', name: 'First' });
    const output = run('retry', { at: full });
    await expect
      .poll(() => full.logs.map(({ code }) => code), { timeout: 10_000 })
      .toContain('UNAVAILABLE');
    await release();

    expect(await output).toContain('Attempt 1 failed.');
    expect(await output).toContain("__typename: 'CreateCustomerSuccess'");
    expect((await waiting).status).toBe(201);
  });

  test('update.ts keeps what somebody else changed meanwhile', async () => {
    const { body: customer } = await service.current.post('/customers', {
      corporation_id: 'corp_123',
      name: 'Stone',
      external_id: 'ext_stone',
    });
    let interfered = false;
    await using proxy = await startProxy(service.current.url, {
      async before(body) {
        if (interfered || !body.includes('RenameCustomer')) return;
        interfered = true;
        await service.current.post(`/customers/${customer.id}`, { name: 'Stone Bros.' });
      },
    });

    const output = await run('update', { url: proxy.url, args: ['ext_stone'] });

    expect(output.split('\n')).toEqual([
      'The customer is at version 2, which is not what you expected.',
      "{ name: 'Stone Bros. & Sons', version: 3 }",
    ]);
  });

  test('page.ts lists every customer to the last', async () => {
    const { body } = await service.current.post('/corporations', {
      legal_name: 'Many',
      jurisdiction: 'US',
    });
    const customers = Array.from({ length: 205 }, (_, n) => ({
      corporation_id: body.data.id,
      name: `Customer ${n}`,
    }));
    await service.current.post('/customers/bulk', { customers });

    const lines = (await run('page', { args: [body.data.id] })).split('\n');

    expect(lines.map((line) => line.replace(/^cust_\w+ /, ''))).toEqual(
      customers.map(({ name }) => name).reverse(),
    );
  });
});
