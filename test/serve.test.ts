import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { nameOf } from '../src/storage/database.js';
import { parseDatabaseUrl } from '../src/storage/databaseUrl.js';
import { clientele, paste, Serving, useFolder } from './support/command.js';
import { execute, storageKind, useDatabases } from './support/database.js';

const folder = useFolder();
const newDatabase = useDatabases();

/** The commands that a text offers to paste, each with its lines that a backslash joins. */
function commandsIn(text: string): string[] {
  return (text.match(/^ {2}curl (?:.*\\\n)*.*$/gm) ?? []).map((command) => command.trim());
}

describe('the first start', () => {
  test('makes a corporation and a token, and prints commands that work as they stand', async () => {
    const serving = await Serving.start({ DATABASE_URL: await newDatabase() });
    const commands = commandsIn(serving.output);

    expect(serving.output).toContain(`${serving.url}/graphiql`);
    expect(serving.output).toContain('corp_123');
    expect(serving.output).toMatch(/^ {2}clientele_[0-9a-f]{48}$/m);
    expect(commands).toHaveLength(2);
    const [rest, graphql] = await Promise.all(commands.map(paste));
    expect(JSON.parse(rest ?? '')).toMatchObject({
      corporation_id: 'corp_123',
      name: 'Acme Corporation',
      message: 'Successfully created customer.',
    });
    expect(JSON.parse(graphql ?? '').data.createCustomer.customer.id).toMatch(/^cust_/);
    expect(await serving.stop()).toBe(0);
  });

  test.runIf(storageKind === 'sqlite')(
    'makes the folder of the database, with DATABASE_URL as a URL too',
    async () => {
      const path = join(folder, 'new/clientele.db');
      const serving = await Serving.start({ DATABASE_URL: `file://${path}` });
      expect(existsSync(path)).toBe(true);
      await serving.stop();
    },
  );

  test('in production makes neither, and leaves stdout to the log', async () => {
    const env = { DATABASE_URL: await newDatabase(), NODE_ENV: 'production' };
    const serving = await Serving.start(env);
    await serving.stop();
    const { stdout } = await clientele(['corporation', 'list', '--json'], env);

    for (const line of serving.output.trim().split('\n')) {
      expect(JSON.parse(line)).toHaveProperty('msg');
    }
    expect(JSON.parse(stdout)).toEqual([]);
  });
});

test('a second start finds what is there, prints no token, and says how to make another', async () => {
  const DATABASE_URL = await newDatabase();
  const first = await Serving.start({ DATABASE_URL });
  const [token] = /clientele_[0-9a-f]{48}/.exec(first.output) ?? [];
  const [command] = commandsIn(first.output);
  await paste(command ?? '');
  await first.stop();

  const second = await Serving.start({ DATABASE_URL });
  const headers = { Authorization: `Bearer ${token}` };
  const corporation = await fetch(`${second.url}/corporations/corp_123`, { headers });
  const { stdout } = await clientele(['corporation', 'list', '--json'], { DATABASE_URL });

  expect(second.output).not.toMatch(/clientele_[0-9a-f]/);
  expect(second.output).toContain('token create');
  // A password may stand before the sign.
  expect(second.output).not.toMatch(/DATABASE_URL=\S*@/);
  expect(corporation.status).toBe(200);
  expect(JSON.parse(stdout)).toMatchObject([{ id: 'corp_123' }]);
  await second.stop();
});

test('of several first starts at once one makes the token', async () => {
  const env = { DATABASE_URL: await newDatabase() };
  const starts = await Promise.all(Array.from({ length: 4 }, () => Serving.start(env)));
  const { stdout } = await clientele(['token', 'list', '--json'], env);
  expect(starts.filter(({ output }) => /clientele_[0-9a-f]/.test(output))).toHaveLength(1);
  expect(JSON.parse(stdout)).toHaveLength(1);
  await Promise.all(starts.map((serving) => serving.stop()));
});

describe('the end', () => {
  test.each(['SIGTERM', 'SIGINT'] as const)(
    '%s answers what was begun and exits 0',
    async (signal) => {
      const DATABASE_URL = await newDatabase();
      const serving = await Serving.start({ DATABASE_URL });
      const [token] = /clientele_[0-9a-f]{48}/.exec(serving.output) ?? [];
      const create = () =>
        fetch(`${serving.url}/customers`, {
          method: 'POST',
          headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
          body: JSON.stringify({ corporation_id: 'corp_123', name: 'Acme' }),
        }).then(
          async (response) => ({ status: response.status, id: (await response.json()).id }),
          () => null,
        );

      const first = create();
      const others = Array.from({ length: 50 }, create);
      await first;
      serving.signal(signal);
      const answers = await Promise.all([first, ...others]);

      expect(await serving.ended()).toBe(0);
      const answered = answers.filter((answer) => answer !== null);
      expect(answered.length).toBeGreaterThan(0);
      for (const { status } of answered) expect(status).toBe(201);

      const again = await Serving.start({ DATABASE_URL });
      for (const { id } of answered) {
        const headers = { Authorization: `Bearer ${token}` };
        expect((await fetch(`${again.url}/customers/${id}`, { headers })).status).toBe(200);
      }
      await again.stop();
    },
  );
});

describe('a start that cannot be', () => {
  test('names every setting that makes no sense, all at once', async () => {
    const { code, stderr } = await clientele(['serve'], {
      PORT: '70000',
      HOST: 'not a host',
      LOG_LEVEL: 'loud',
      GRAPHIQL: 'maybe',
      DATABASE_URL: 'mysql://localhost/x',
      CORS_ORIGINS: 'https://app.example.com, nonsense',
      BODY_LIMIT: '1MB',
      WRITE_QUEUE_LIMIT: '0',
    });
    expect(code).toBe(1);
    for (const name of [
      'PORT',
      'HOST',
      'LOG_LEVEL',
      'GRAPHIQL',
      'DATABASE_URL',
      'CORS_ORIGINS',
      'BODY_LIMIT',
      'WRITE_QUEUE_LIMIT',
    ]) {
      expect(stderr).toMatch(new RegExp(`^ {2}${name}: `, 'm'));
    }
    expect(stderr).not.toContain('    at ');
  });

  test('says that the port is taken', async () => {
    const serving = await Serving.start({ DATABASE_URL: await newDatabase() });
    const PORT = new URL(serving.url).port;
    const { code, stderr } = await clientele(['serve'], {
      DATABASE_URL: await newDatabase(),
      PORT,
    });
    expect(code).toBe(1);
    expect(stderr).toContain(PORT);
    expect(stderr).not.toContain('    at ');
    await serving.stop();
  });

  test('on a port that is taken uses no token up', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as AddressInfo;
    const env = { DATABASE_URL: await newDatabase() };
    const { code, stderr } = await clientele(['serve'], { ...env, PORT: String(port) });
    taken.close();
    expect(code).toBe(1);
    expect(stderr).toContain(`For another port: PORT=${port + 1} npm start`);

    const serving = await Serving.start(env);
    await serving.stop();
    expect(serving.output).toMatch(/clientele_[0-9a-f]{48}/);
  });

  test.runIf(storageKind === 'sqlite')('says that the file is no database', async () => {
    const path = join(folder, 'notes.txt');
    writeFileSync(path, 'not a database, but long enough to be looked at as one'.repeat(50));
    const { code, stderr } = await clientele(['serve'], { DATABASE_URL: path });
    expect(code).toBe(1);
    expect(stderr).toContain(path);
    expect(stderr).not.toContain('    at ');
  });

  test('says that the database is one of another program', async () => {
    const DATABASE_URL = await newDatabase();
    await execute(DATABASE_URL, 'create table customers (id integer)');
    const { code, stderr } = await clientele(['serve'], { DATABASE_URL });
    expect(code).toBe(1);
    expect(stderr).toContain(nameOf(parseDatabaseUrl(DATABASE_URL)));
    expect(stderr).not.toContain('    at ');
  });
});
