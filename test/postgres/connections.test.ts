import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import postgres from 'postgres';
import { expect, test, vi } from 'vitest';
import { newCustomer } from '../../src/customers/customer.js';
import { openDatabase, useDatabases } from '../support/database.js';
import { PostgresCluster } from '../support/postgresCluster.js';

const newDatabase = useDatabases();

test.each(['disable', 'prefer', 'require'])(
  'a server that answers only after another was chosen is left, with sslmode=%s',
  async (sslmode) => {
    const url = await newDatabase();
    const { host, hostname, port } = new URL(url);
    const counts = { all: 0, open: 0 };
    let answer = () => {};
    const chosen = new Promise<void>((resolve) => {
      answer = resolve;
    });
    const slow = createServer(async (socket) => {
      counts.all++;
      counts.open++;
      const database = connect(Number(port), hostname).on('error', () => {});
      socket
        .on('error', () => {})
        .on('close', () => {
          counts.open--;
          database.destroy();
        });
      database.pipe(socket);
      await chosen;
      socket.pipe(database);
    }).listen(0, '127.0.0.1');
    await once(slow, 'listening');
    const other = `127.0.0.1:${(slow.address() as AddressInfo).port}`;
    const storage = await openDatabase(
      `${url.replace(host, `${host},${other}`)}?sslmode=${sslmode}`,
    );
    try {
      await storage.ping();
      await vi.waitUntil(() => counts.all > 0);
      answer();
      await vi.waitUntil(() => counts.open === 0, { timeout: 10_000 });
    } finally {
      await storage.close();
      slow.close();
    }
  },
);

test.each(['disable', 'prefer'])(
  'a network that is not there is told of as any other failure, with sslmode=%s',
  async (sslmode) => {
    // Refused by the machine itself, at once.
    const url = `postgres://user:password@255.255.255.255/clientele?sslmode=${sslmode}`;
    await expect(openDatabase(url)).rejects.toThrow(/cannot be opened: connect E/);
  },
);

test('a server that has no connection left breaks off none of those that it gave', async () => {
  const cluster = await PostgresCluster.start({ max_connections: '8' });
  const url = `${cluster.url}/postgres`;
  const storage = await openDatabase(url);
  const holder = postgres(url, { max: 1, fetch_types: false });
  const others = postgres(url, { max: 12, fetch_types: false });
  try {
    const corporation = { id: 'corp_1', legalName: 'Acme', jurisdiction: 'US', createdAt: 1 };
    await storage.corporations.insert(corporation, null);
    await holder.unsafe('begin; lock table customers in exclusive mode');
    const fields = { corporationId: 'corp_1', name: 'Acme', email: null, externalId: null };
    const source = { shippingAddress: null, sourcePlatform: null, sourcePlatformId: null };
    const creating = storage.customers.insert(() => newCustomer({ ...fields, ...source }, 1), null);
    await vi.waitUntil(
      async () => (await holder.unsafe('select from pg_locks where not granted')).length > 0,
    );
    const seats = Array.from({ length: 12 }, () => others.unsafe('select pg_sleep(20)'));
    for (const seat of seats) seat.catch(() => {});
    await expect(Promise.all(seats)).rejects.toMatchObject({ code: '53300' });

    for (let n = 0; n < 3; n++) {
      const reading = storage.customers.byId('cust_1');
      await expect(reading).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    }
    await holder.unsafe('rollback');
    expect(await creating).toMatchObject({ outcome: 'written' });
  } finally {
    await Promise.all([holder.end({ timeout: 0 }), others.end({ timeout: 0 })]);
    await storage.close();
    await cluster.stop();
  }
});
