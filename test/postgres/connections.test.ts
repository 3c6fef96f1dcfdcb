import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { expect, test, vi } from 'vitest';
import { openDatabase, useDatabases } from '../support/database.js';

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
