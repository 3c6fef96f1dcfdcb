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

  beforeEach(async () => {
    service = await Service.start();
    path = join(dirname(service.databaseUrl), 'writer.db');
    sqlite = openDatabase(path);
    sqlite.exec('create table t (n integer primary key)');
    const condition = createCondition();
    const reader = createReader(sqlite, condition);
    writer = createWriter(sqlite, reader, condition, { queueLimit: 5, lockTimeout: 200 });
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
    const results = await Promise.allSettled(
      [1, 2, 3, 4, 5, 6].map((n) => writer.write(insert(n))),
    );
    expect(results[5]).toMatchObject({ reason: expect.any(UnavailableError) });
    expect(kept()).toEqual([1, 2, 3, 4, 5]);
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
