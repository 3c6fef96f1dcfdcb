import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { text as textOf } from 'node:stream/consumers';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { operator } from '../src/access/viewer.js';
import { newId } from '../src/ids.js';
import { createServices } from '../src/services.js';
import { everyCustomer, writeRows } from '../src/transfer/export.js';
import { importRows } from '../src/transfer/import.js';
import { readRows } from '../src/transfer/rows.js';
import { clientele, killed, Serving, useFolder } from './support/command.js';
import { openDatabase, rowsOf, storageKind, useDatabases } from './support/database.js';
import type { Json } from './support/service.js';

const folder = useFolder();
const createDatabase = useDatabases();
let files = 0;

/** A database of its own with the corporation corp_1. */
async function newDatabase(): Promise<{ DATABASE_URL: string }> {
  const env = { DATABASE_URL: await createDatabase() };
  await (await openWithCorporation(env.DATABASE_URL)).storage.close();
  return env;
}

async function openWithCorporation(url: string) {
  const storage = await openDatabase(url);
  const services = createServices(storage);
  const input = { legalName: 'Acme', jurisdiction: 'US' };
  await services.corporations.createWithId({ id: 'corp_1', input });
  return { storage, services };
}

function rowsIn({ DATABASE_URL }: { DATABASE_URL: string }): Promise<Json[]> {
  return rowsOf(DATABASE_URL, 'select * from customers order by name');
}

function file(name: string, content: string): string {
  const path = join(folder, `${++files}-${name}`);
  writeFileSync(path, content);
  return path;
}

const ndjson = (rows: unknown[]) => rows.map((row) => `${JSON.stringify(row)}\n`).join('');

describe('clientele import', () => {
  test('brings in NDJSON from stdin, with defaults for what a row does not say', async () => {
    const env = await newDatabase();
    const input = ndjson([
      { name: 'Acme', external_id: '1', shipping_address: { country: 'us' } },
      { name: 'Globex', source_platform: 'stripe' },
    ]);
    const args = ['--corporation', 'corp_1', '--source-platform', 'shopify', '--json'];
    const { code, stdout } = await clientele(['import', '-', ...args], env, input);

    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({
      rows: 2,
      created: 2,
      updated: 0,
      repeated: 0,
      rejected: 0,
    });
    expect(await rowsIn(env)).toMatchObject([
      { corporation_id: 'corp_1', name: 'Acme', external_id: '1', source_platform: 'shopify' },
      { corporation_id: 'corp_1', name: 'Globex', source_platform: 'stripe' },
    ]);
  });

  test('brings in NDJSON with a byte order mark and lines that end as on Windows', async () => {
    const env = await newDatabase();
    const path = file(
      'windows.ndjson',
      '\ufeff{"name":"Ōsaka"}\r\n\r\n  no JSON\r\n{"name":"Zoë"}',
    );
    const { code } = await clientele(['import', path, '--corporation', 'corp_1'], env);
    expect(code).toBe(2);
    expect(JSON.parse(readFileSync(`${path}.rejected.ndjson`, 'utf8'))).toMatchObject({
      line: 3,
      row: '  no JSON',
    });
    expect(await rowsIn(env)).toMatchObject([{ name: 'Zoë' }, { name: 'Ōsaka' }]);
  });

  test('brings in CSV, quoted and with empty cells', async () => {
    const env = await newDatabase();
    const path = file(
      'customers.csv',
      '\ufeffcorporation_id,name,email,external_id,shipping_address.city,shipping_address.country\r\n' +
        'corp_1,"Acme, Inc.",,1,"New York",us\r\n' +
        'corp_1,"O""Hara",a@x.io,,,\r\n',
    );
    expect(await clientele(['import', path], env)).toMatchObject({ code: 0 });
    const [acme, ohara] = await rowsIn(env);
    expect(acme).toMatchObject({ name: 'Acme, Inc.', email: null, external_id: '1' });
    expect(JSON.parse(acme?.shipping_address)).toMatchObject({ city: 'New York', country: 'US' });
    expect(ohara).toMatchObject({ name: 'O"Hara', email: 'a@x.io', shipping_address: null });
  });

  test.each([
    [
      'ndjson',
      '{"name":"Acme","external_id":"1"}\n\n{"name":"A","email":"no"}\nno JSON\n[]\n{"name":"Globex","nick_name":"G"}\n',
      [
        [3, 'INVALID_INPUT', ['name', 'email']],
        [4, 'MALFORMED_JSON', []],
        [5, 'MALFORMED_JSON', []],
        [6, 'INVALID_INPUT', ['nick_name']],
      ],
    ],
    [
      'csv',
      'name,email,external_id\nAcme,,1\nA,no,\nGlobex\n"Two\nlines",,\n',
      [
        [3, 'INVALID_INPUT', ['name', 'email']],
        [4, 'MALFORMED_JSON', []],
        [6, 'INVALID_INPUT', ['name']],
      ],
    ],
  ])(
    'writes rejected rows of %s to a file, as an API caller would be told',
    async (format, content, rejections) => {
      const env = await newDatabase();
      const path = file(`bad.${format}`, content);
      const { code, stderr } = await clientele(['import', path, '--corporation', 'corp_1'], env);

      expect(code).toBe(2);
      expect(stderr).toContain(`${path}.rejected.ndjson`);
      const lines = readFileSync(`${path}.rejected.ndjson`, 'utf8').trim().split('\n');
      const rejected = lines.map((line) => JSON.parse(line));
      expect(
        rejected.map(({ line, error }) => [
          line,
          error.code,
          (error.errors ?? []).map(({ path }: Json) => path),
        ]),
      ).toEqual(rejections);
      for (const { row } of rejected) expect(row).toBeTruthy();
      expect(await rowsIn(env)).toMatchObject([{ name: 'Acme' }]);
    },
  );

  test('leaves no file of rejected rows behind when there are none', async () => {
    const env = await newDatabase();
    const path = file('good.ndjson', ndjson([{ name: 'Acme' }]));
    writeFileSync(`${path}.rejected.ndjson`, 'of an earlier run');
    await clientele(['import', path, '--corporation', 'corp_1'], env);
    expect(existsSync(`${path}.rejected.ndjson`)).toBe(false);
  });

  test('leaves those of an earlier run alone, and counts nothing, when it cannot begin', async () => {
    const env = await newDatabase();
    const path = file('good.ndjson', ndjson([{ name: 'Acme' }]));
    const rejected = `${path}.rejected.ndjson`;
    writeFileSync(rejected, 'of an earlier run');
    const { code, stdout } = await clientele(['import', path, '--corporation', 'corp_2'], env);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(readFileSync(rejected, 'utf8')).toBe('of an earlier run');
  });

  test('says why a file cannot be read', async () => {
    const env = await newDatabase();
    // A socket is there, and cannot be opened.
    const path = join(folder, 'socket.ndjson');
    const server = createServer().listen(path);
    onTestFinished(() => void server.close());
    await once(server, 'listening');
    const { code, stderr } = await clientele(['import', path], env);
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringMatching(/^The file cannot be read to its end: ENXIO[^\n]*\n$/),
    });
  });

  test('takes the same row on the same line for a repeat, however it is written', async () => {
    const env = await newDatabase();
    const args = ['--corporation', 'corp_1', '--json'];
    const counts = async (name: string, content: string) => {
      const { stdout } = await clientele(['import', file(name, content), ...args], env);
      return JSON.parse(stdout);
    };
    const plain = await counts('a.csv', 'name,email\nAcme,a@acme.com\n');
    const again = await counts('b.csv', 'name,email\n"Acme","a@acme.com"\n');
    const other = await counts('c.csv', 'name,source_platform\nAcme,a@acme.com\n');
    expect([plain, again, other]).toMatchObject([{ created: 1 }, { repeated: 1 }, { created: 1 }]);
  });

  test('killed and run again neither loses nor doubles a row', async () => {
    const env = await newDatabase();
    const count = 5000;
    const rows = Array.from({ length: count }, (_, i) => ({
      name: `Customer ${i}`,
      // A third has no identifier of its own.
      ...(i % 3 > 0 && { external_id: `ext_${i}` }),
    }));
    const args = ['import', file('many.ndjson', ndjson(rows)), '--corporation', 'corp_1'];

    await killed(args, env, async () => (await rowsIn(env)).length > 0);
    const afterKill = (await rowsIn(env)).length;
    const { code } = await clientele(args, env);
    const again = await clientele([...args, '--json'], env);

    expect(afterKill).toBeGreaterThan(0);
    expect(afterKill).toBeLessThan(count);
    expect(code).toBe(0);
    expect(JSON.parse(again.stdout)).toMatchObject({ created: 0, rejected: 0 });
    const names = (await rowsIn(env)).map(({ name }) => name);
    expect(names.length).toBe(count);
    expect(new Set(names)).toEqual(new Set(rows.map(({ name }) => name)));
  });

  test.each([
    ['a file that is not there', ['none.ndjson'], 'none.ndjson'],
    [
      'no such corporation',
      ['package.json', '--format', 'ndjson', '--corporation', 'corp_0'],
      'corp_0',
    ],
    [
      'its own file for rejected rows',
      ['./package.json', '--format', 'ndjson', '--rejected', 'package.json'],
      '--rejected',
    ],
    ['a format that nobody tells', ['customers.txt'], '--format'],
    ['a format that is none', ['customers.ndjson', '--format', 'xml'], 'ndjson, csv'],
  ])('is refused for %s', async (_, args, hint) => {
    const { code, stderr } = await clientele(['import', ...args], await newDatabase());
    expect(code).toBe(1);
    expect(stderr).toContain(hint);
    expect(stderr).not.toContain('    at ');
  });

  test('stops at bytes that are not UTF-8, and says where', async () => {
    const env = await newDatabase();
    const path = join(folder, 'latin1.ndjson');
    const rows = ndjson([{ name: 'Acme' }, { name: 'Söhne' }, { name: 'Globex' }]);
    writeFileSync(path, Buffer.from(rows, 'latin1'));
    const { code, stderr } = await clientele(['import', path, '--corporation', 'corp_1'], env);
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: 'The file cannot be read to its end: line 2 is not UTF-8.\n',
    });
    expect(await rowsIn(env)).toMatchObject([{ name: 'Acme' }]);
  });

  test('holds few of the rows that are very long', async () => {
    const env = { ...(await newDatabase()), NODE_OPTIONS: '--max-old-space-size=80' };
    const row = `{"name":"Acme"${' '.repeat(900_000)}}\n`;
    const args = ['import', '-', '--corporation', 'corp_1', '--json'];
    const { code, stdout } = await clientele(args, env, row.repeat(150));
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ created: 150 });
  });

  test.each(['ndjson', 'csv'])('stops at a row of %s that has no end', async (format) => {
    const env = await newDatabase();
    const path = file(`long.${format}`, `${'x'.repeat(1_100_000)}\n`);
    const { code, stderr } = await clientele(['import', path, '--corporation', 'corp_1'], env);
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringMatching(/^The file cannot be read to its end: [^\n]*1000000[^\n]*\n$/),
    });
  });
});

describe('a CSV file', () => {
  test('with a column twice is refused', async () => {
    const env = await newDatabase();
    const path = file('twice.csv', 'name,name\nAcme,Globex\n');
    const { code, stderr } = await clientele(['import', path, '--corporation', 'corp_1'], env);
    expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringContaining('name') });
    expect(await rowsIn(env)).toEqual([]);
  });

  test('may have quotes inside cells', async () => {
    const env = await newDatabase();
    const path = file('quotes.csv', 'name\nRo"w One\n"Acme ""Inc"""\n');
    expect(await clientele(['import', path, '--corporation', 'corp_1'], env)).toMatchObject({
      code: 0,
    });
    expect((await rowsIn(env)).map(({ name }) => name)).toEqual(['Acme "Inc"', 'Ro"w One']);
  });

  test('that never closes a quote is refused, saying where', async () => {
    const env = await newDatabase();
    const path = file('open.csv', 'name\nAcme\n"never closed\n');
    const { code, stderr } = await clientele(['import', path, '--corporation', 'corp_1'], env);
    expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringMatching(/line \d/) });
    expect(stderr).not.toContain('    at ');
  });
});

test('a customer that is restored by several at the same moment is made once', async () => {
  const { DATABASE_URL } = await newDatabase();
  const { storage, services } = await openWithCorporation(DATABASE_URL);
  for (let n = 0; n < 10; n++) {
    const input = {
      id: newId('cust'),
      corporationId: 'corp_1',
      name: 'Acme',
      externalId: `ext_${n}`,
    };
    const restored = await Promise.all(
      Array.from({ length: 4 }, () => services.customers.restore(operator, { input })),
    );
    expect(restored.filter(({ created }) => created)).toHaveLength(1);
    expect(new Set(restored.map(({ customer }) => customer.version))).toEqual(new Set([1]));
  }
  await storage.close();
});

// On PostgreSQL that would make all who write wait for each other: see `CustomerStore.insert`.
const onSqlite = test.runIf(storageKind === 'sqlite');

onSqlite(
  'customers are in the order of their commits, also when processes write at once',
  async () => {
    const env = await newDatabase();
    const { stdout } = await clientele(['token', 'create', '--all', '--name', 'test'], env);
    const servers = await Promise.all([Serving.start(env), Serving.start(env)]);
    const input = { corporation_id: 'corp_1', name: 'Acme' };
    await Promise.all(
      servers.map(async (server) => {
        for (let n = 0; n < 400; n++)
          await server.post('/customers', input, { token: stdout.trim() });
        await server.stop();
      }),
    );

    const rows = await rowsOf(env.DATABASE_URL, 'select id from customers order by seq');
    const ids = rows.map(({ id }) => id);
    expect(ids).toHaveLength(800);
    expect(ids).toEqual(ids.toSorted());
  },
);

describe('clientele export', () => {
  test('leaves an earlier file alone when it cannot be completed', async () => {
    const env = await newDatabase();
    const path = join(folder, 'missing/export.csv');
    const { code, stderr } = await clientele(['export', path], env);
    expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringContaining(path) });
    expect(stderr).not.toContain('    at ');
  });

  test.each(['SIGINT', 'SIGTERM'] as const)(
    'leaves an earlier file alone, and nothing beside it, when %s ends it',
    async (signal) => {
      const env = await newDatabase();
      const rows = Array.from({ length: 5000 }, (_, n) => ({ name: `Acme ${n}` }));
      await clientele(['import', '-', '--corporation', 'corp_1'], env, ndjson(rows));
      const path = file('export.ndjson', '');
      const begun = () => existsSync(`${path}.partial`);
      // It may be whole before the signal arrives.
      await vi.waitUntil(
        async () => {
          writeFileSync(path, 'of an earlier run');
          return (await killed(['export', path], env, begun, signal)) === 130;
        },
        { timeout: 15_000 },
      );
      expect(existsSync(`${path}.partial`)).toBe(false);
      expect(readFileSync(path, 'utf8')).toBe('of an earlier run');
    },
  );

  const withoutTimes = (rows: Json[]) =>
    rows.map(({ created_at, updated_at, version, ...row }) => row);

  test.each(['ndjson', 'csv'])(
    'as %s is read back to the same rows, once more too',
    async (format) => {
      const [from, to] = [await newDatabase(), await newDatabase()];
      const path = join(folder, `export-${++files}.${format}`);
      const source = ndjson([
        { name: 'Acme, "Inc."', external_id: ' gid://app/Customer/1 ', email: 'a@x.io' },
        { name: 'Globex', shipping_address: { line1: "1, rue de l'Œuf", country: 'fr' } },
        { name: '👩‍🚀 Ltd', source_platform: 'shopify', source_platform_id: '7' },
      ]);
      await clientele(['import', '-', '--corporation', 'corp_1'], from, source);

      expect(await clientele(['export', path], from)).toMatchObject({ code: 0 });
      for (const env of [to, to, from]) {
        expect(await clientele(['import', path], env)).toMatchObject({ code: 0 });
      }

      expect(await rowsIn(from)).toHaveLength(3);
      expect(withoutTimes(await rowsIn(to))).toEqual(withoutTimes(await rowsIn(from)));
    },
  );

  test('writes one corporation to stdout', async () => {
    const env = await newDatabase();
    await clientele(['import', '-', '--corporation', 'corp_1'], env, ndjson([{ name: 'Acme' }]));
    const one = await clientele(['export', '--corporation', 'corp_1'], env);
    const none = await clientele(['export', '--corporation', 'corp_0'], env);
    expect(JSON.parse(one.stdout)).toMatchObject({ corporation_id: 'corp_1', name: 'Acme' });
    expect(none).toMatchObject({ code: 1, stderr: 'There is no corporation corp_0.\n' });
  });

  test.each(['ndjson', 'csv'] as const)(
    'as %s keeps whatever a customer may be',
    async (format) => {
      const printable = (constraints: fc.StringConstraints) =>
        fc
          .string({ unit: 'grapheme', ...constraints })
          .filter((text) => text === text.trim() && !/[\p{Cc}\p{Zl}\p{Zp}\p{Cs}]/u.test(text));
      const text = printable({ minLength: 1, maxLength: 20 });
      const customer = fc.record(
        {
          name: printable({ minLength: 3, maxLength: 20 }),
          externalId: fc.uuid().chain((id) => text.map((other) => `${other}${id}`)),
          email: fc.constantFrom('a@x.io', "o'hara+b@example.com"),
          shippingAddress: fc.record({
            line1: text,
            city: text,
            country: fc.constantFrom('US', 'de'),
          }),
          sourcePlatform: text,
          sourcePlatformId: text,
        },
        { requiredKeys: ['name'] },
      );

      await fc.assert(
        fc.asyncProperty(fc.array(customer, { minLength: 1, maxLength: 20 }), async (customers) => {
          const from = await openWithCorporation(await createDatabase());
          const to = await openWithCorporation(await createDatabase());
          const inputs = customers.map((input) => ({
            input: { corporationId: 'corp_1', ...input },
          }));
          const { results } = await from.services.customers.createMany(operator, { inputs });
          expect(results.filter((result) => !('customer' in result))).toEqual([]);

          const exported = await exportOf(from.services);
          const rows = readRows(Readable.from(inPieces(exported)), format);
          const reject = async (rejection: unknown) => expect(rejection).toBeNull();
          for await (const counts of importRows(rows, to.services, {}, reject)) {
            expect(counts.created).toBe(customers.length);
          }

          expect(await exportOf(to.services)).toBe(exported);
          await Promise.all([from.storage.close(), to.storage.close()]);
        }),
        { numRuns: 30 },
      );

      /** So small that rows and characters begin in one and end in another. */
      function inPieces(text: string): Buffer[] {
        const bytes = Buffer.from(text);
        const size = 7;
        return Array.from({ length: Math.ceil(bytes.length / size) }, (_, n) =>
          bytes.subarray(n * size, (n + 1) * size),
        );
      }

      function exportOf(services: ReturnType<typeof createServices>) {
        return textOf(writeRows(everyCustomer(services, 'corp_1'), format));
      }
    },
    // It makes sixty databases.
    120_000,
  );
});
