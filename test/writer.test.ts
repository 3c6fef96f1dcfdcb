import { dirname, join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { UnavailableError } from '../src/errors.js';
import { createCondition } from '../src/storage/sqlite/condition.js';
import { openDatabase } from '../src/storage/sqlite/open.js';
import { createReader } from '../src/storage/sqlite/reader.js';
import { createWriter, type Writer } from '../src/storage/sqlite/writer.js';
import { storageKind } from './support/database.js';
import { createCustomer } from './support/faces.js';
import { Service } from './support/service.js';

describe.runIf(storageKind === 'sqlite')('the group-committing writer', () => {
  let service: Service;
  let sqlite: BetterSqlite3.Database;
  let writer: Writer;
  let path: string;
  const queueLimit = 50;

  beforeEach(async () => {
    service = await Service.start();
    path = join(dirname(service.databaseUrl), 'writer.db');
    sqlite = openDatabase(path);
    sqlite.exec('create table t (n integer primary key)');
    const condition = createCondition();
    const reader = createReader(sqlite, condition);
    writer = createWriter(sqlite, reader, condition, { queueLimit, lockTimeout: 200 });
  });

  afterEach(async () => {
    vi.restoreAllMocks();
    sqlite.close();
    await service.destroy();
  });

  const insert = (n: number) => () => sqlite.prepare('insert into t values (?)').run(n).changes;
  const kept = () => {
    const other = new BetterSqlite3(path, { readonly: true });
    try {
      return other.prepare('select n from t order by n').pluck().all();
    } finally {
      other.close();
    }
  };

  test('puts what arrives in one turn of the event loop into one transaction', async () => {
    let transactions = 0;
    const inTransaction = (n: number) => () => {
      if (n === 0) transactions++;
      // Not committed yet, so that nobody else sees it.
      expect(kept()).toEqual([]);
      return insert(n)();
    };
    await Promise.all([0, 1, 2].map((n) => writer.write(inTransaction(n))));
    expect(kept()).toEqual([0, 1, 2]);
    expect(transactions).toBe(1);
  });

  const nextTurn = () => new Promise((resolve) => setImmediate(resolve));
  /** Inserts, and resolves to what was committed before it. */
  const insertSeeing = (n: number) =>
    writer.write(() => {
      const before = kept();
      insert(n)();
      return before;
    });

  test('waits for those who asked together before to have asked again', async () => {
    await Promise.all([insertSeeing(1), insertSeeing(2)]);
    const first = insertSeeing(3);
    await nextTurn();
    const second = insertSeeing(4);
    expect(await Promise.all([first, second])).toEqual([
      [1, 2],
      [1, 2],
    ]);
  });

  test('does not let one who asks alone wait for anybody', async () => {
    await insertSeeing(1);
    const first = insertSeeing(2);
    await nextTurn();
    expect(await insertSeeing(3)).toEqual([1, 2]);
    await first;
  });

  test('does not wait for ever, though more come in with each turn', async () => {
    let isSettled = false;
    const first = insertSeeing(0).then(() => {
      isSettled = true;
    });
    const others: Promise<unknown>[] = [];
    while (!isSettled && others.length < queueLimit) {
      others.push(insertSeeing(others.length + 1).catch(() => {}));
      await nextTurn();
    }
    expect(others.length).toBeLessThan(10);
    await Promise.all([first, ...others]);
  });

  test('answers only what another connection can already read', async () => {
    await writer.write(insert(1)).then(() => expect(kept()).toEqual([1]));
  });

  test('undoes a command that throws, and none of the others', async () => {
    const results = await Promise.allSettled([
      writer.write(insert(1)),
      writer.write(() => {
        insert(2)();
        throw new Error('after its insert');
      }),
      writer.write(insert(3)),
    ]);
    expect(results.map((result) => result.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(kept()).toEqual([1, 3]);
  });

  test('refuses with UnavailableError what does not fit into the queue', async () => {
    const numbers = Array.from({ length: queueLimit + 1 }, (_, index) => index);
    const results = await Promise.allSettled(numbers.map((n) => writer.write(insert(n))));
    expect(results.at(-1)).toMatchObject({ reason: expect.any(UnavailableError) });
    expect(kept()).toEqual(numbers.slice(0, -1));
  });

  test('refuses the whole batch when the commit fails', async () => {
    sqlite.exec('create table parent (id integer primary key)');
    sqlite.exec('create table child (id integer references parent deferrable initially deferred)');
    const results = await Promise.allSettled([
      writer.write(insert(1)),
      writer.write(() => sqlite.exec('insert into child values (7)')),
    ]);
    expect(results.map((result) => result.status)).toEqual(['rejected', 'rejected']);
    expect(kept()).toEqual([]);
    expect(await writer.write(insert(2))).toBe(1);
  });

  test('waits for another process that holds the lock, up to its timeout', async () => {
    sqlite.pragma('busy_timeout = 0');
    const other = openDatabase(path);
    other.exec('begin immediate');

    await expect(writer.write(insert(1))).rejects.toThrow(UnavailableError);
    const patient = writer.write(insert(2));
    setImmediate(() => other.exec('rollback'));
    await patient;

    expect(kept()).toEqual([2]);
    other.close();
  });
});

describe('a full write queue', () => {
  test('answers 503 with Retry-After over both faces, and recovers by itself', async () => {
    const service = await Service.start({ WRITE_QUEUE_LIMIT: '1' });
    const body = { corporation_id: 'corp_123', name: 'Acme' };
    const letGo = await service.holdWrites();

    const waiting = service.post('/customers', body);
    await vi.waitUntil(async () => {
      const refused = await Promise.race([waiting, service.post('/customers', body)]);
      return refused.status === 503 && refused.headers.get('retry-after') === '1';
    });
    const graphql = await service.graphql(createCustomer, {
      input: { corporationId: 'corp_123', name: 'Acme' },
    });
    await letGo();

    expect(graphql.body.errors).toMatchObject([{ extensions: { code: 'UNAVAILABLE' } }]);
    expect((await waiting).status).toBe(201);
    expect((await service.post('/customers', body)).status).toBe(201);
    await service.destroy();
  });
});
