import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  createDatabase,
  dropDatabase,
  execute,
  holdExternalId,
  holdWrites,
  openDatabase,
  rowsOf,
} from '../support/database.js';
import { type Face, graphqlFace, restFace } from '../support/faces.js';
import { type Json, Service } from '../support/service.js';
import { TcpProxy } from '../support/tcpProxy.js';

const patience = { timeout: 15_000 };

let service: Service;
let proxy: TcpProxy;
let behind: string;

/** A service that is to reach its database through the proxy. */
beforeEach(async () => {
  service = await Service.start();
  behind = service.databaseUrl;
  proxy = await TcpProxy.to(behind);
  await service.stop();
});

afterEach(async () => {
  proxy.reopen();
  await service.stop();
  await proxy.stop();
  await dropDatabase(behind);
});

const open = (sslmode: string) =>
  service.open({ DATABASE_URL: `${proxy.through(behind)}?sslmode=${sslmode}` });

const acme = (externalId: string) => ({ corporationId: 'corp_123', name: 'Acme', externalId });

const written = async (externalId: string) =>
  (await rowsOf(behind, 'select id from customers where external_id = ?', externalId)).length > 0;

async function create(face: Face, externalId: string): Promise<Json> {
  const outcome = await face.create(service, acme(externalId));
  return (outcome as { customer: Json }).customer;
}

/** Ends what other connections do, as an administrator does, or a server that goes down. */
const terminate = () =>
  execute(
    behind,
    `select pg_terminate_backend(pid) from pg_stat_activity
     where datname = current_database() and application_name = 'clientele'`,
  );

/** Resolves when a statement waits for what is held. */
async function statementWaits(): Promise<void> {
  const waiting = `select 1 as it from pg_stat_activity
    where datname = current_database() and wait_event_type = 'Lock'`;
  await vi.waitUntil(async () => (await rowsOf(behind, waiting)).length > 0, patience);
}

describe.each([
  { face: graphqlFace, sslmode: 'disable' },
  { face: restFace, sslmode: 'require' },
])('over $face.name, with sslmode=$sslmode,', ({ face, sslmode }) => {
  beforeEach(() => open(sslmode));

  test('connections that were broken while they were idle are noticed by nobody', async () => {
    const { id } = await create(face, 'first');
    await terminate();
    expect(await face.read(service, id)).toMatchObject({ id });
    await terminate();
    expect(await face.create(service, acme('second'))).toHaveProperty('customer');
    await terminate();
    expect(await face.update(service, id, { name: 'Globex' })).toHaveProperty('customer');
    proxy.reopen();
    expect(await face.read(service, id)).toMatchObject({ id, name: 'Globex' });
  });

  test('a create whose answer never came is found, and answered', async () => {
    await create(face, 'first');
    for (const idempotencyKey of [undefined, 'key']) {
      const externalId = `lost-${idempotencyKey}`;
      const letGo = await holdExternalId(behind, externalId);
      const creating = face.create(service, acme(externalId), { idempotencyKey });
      await statementWaits();
      proxy.mute();
      await letGo();
      await vi.waitUntil(() => written(externalId), patience);
      proxy.reopen();
      const outcome = await creating;
      expect(outcome).toMatchObject({ customer: { externalId }, replayed: false });
      const rows = await rowsOf(
        behind,
        'select id from customers where external_id = ?',
        externalId,
      );
      expect(rows).toEqual([{ id: (outcome as { customer: Json }).customer.id }]);
    }
  });

  test('a create that may yet be carried out is answered OUTCOME_UNKNOWN, and may be repeated with its key', async () => {
    await create(face, 'first');
    const letGo = await holdWrites(behind);
    const creating = face.create(service, acme('unknown'), { idempotencyKey: 'key' });
    await statementWaits();
    proxy.reopen();
    expect(await creating).toEqual({ code: 'OUTCOME_UNKNOWN', issues: [] });
    const line = service.logs.find(({ msg, err }) => msg === 'request failed' && err);
    expect(line?.err.code).toBe('OUTCOME_UNKNOWN');
    await letGo();

    const again = await face.create(service, acme('unknown'), { idempotencyKey: 'key' });
    expect(again).toHaveProperty('customer');
    const rows = await rowsOf(behind, "select id from customers where external_id = 'unknown'");
    expect(rows).toEqual([{ id: (again as { customer: Json }).customer.id }]);
  });

  test('a change whose answer never came is known by its key, and unknown without', async () => {
    // Where the proxy can read what is sent.
    await service.stop();
    await open('disable');
    const { id } = await create(face, 'first');
    const keyed = await changeUnanswered('Keyed', 'key');
    expect(keyed).toMatchObject({ customer: { id, name: 'Keyed' }, replayed: false });

    const bare = await changeUnanswered('Bare');
    expect(bare).toEqual({ code: 'OUTCOME_UNKNOWN', issues: [] });
    expect(await face.read(service, id)).toMatchObject({ name: 'Bare' });

    /** On new connections, whose first commit is still spelled out. */
    async function changeUnanswered(name: string, idempotencyKey?: string): Promise<unknown> {
      proxy.reopen();
      proxy.muteAfter('commit');
      const changing = face.update(service, id, { name }, { idempotencyKey });
      const changed = 'select id from customers where name = ?';
      await vi.waitUntil(async () => (await rowsOf(behind, changed, name)).length > 0, patience);
      proxy.reopen();
      return changing;
    }
  });

  test('a change that is broken off before its commit is made all the same, once', async () => {
    const { id } = await create(face, 'first');
    const letGo = await holdWrites(behind);
    const changing = face.update(service, id, { name: 'Globex' });
    await statementWaits();
    proxy.reopen();
    await letGo();
    expect(await changing).toMatchObject({ customer: { id, name: 'Globex', version: 2 } });
  });

  test.each(['40001', '40P01'])(
    'what was undone for another transaction (%s) is tried again, but not for ever',
    async (state) => {
      const { id } = await create(face, 'first');
      const setFailures = (count: number) =>
        execute(
          behind,
          `create sequence if not exists tries;
           select setval('tries', 1, false);
           create or replace function fail() returns trigger language plpgsql as $$ begin
             if nextval('tries') <= ${count} then
               raise exception 'undone' using errcode = '${state}';
             end if;
             return new;
           end $$;
           create or replace trigger fail before insert or update on customers
             for each row execute function fail()`,
        );
      const tries = async () =>
        Number((await rowsOf(behind, 'select last_value as n from tries'))[0]?.n);

      await setFailures(2);
      expect(await face.create(service, acme('second'))).toHaveProperty('customer');
      expect(await tries()).toBe(3);
      await setFailures(2);
      expect(await face.update(service, id, { name: 'Globex' })).toMatchObject({
        customer: { version: 2 },
      });
      expect(await tries()).toBe(3);

      await setFailures(1000);
      expect(await face.create(service, acme('third'))).toMatchObject({ code: 'UNAVAILABLE' });
      expect(await face.update(service, id, { name: 'Umbrella' })).toMatchObject({
        code: 'UNAVAILABLE',
      });
      expect(await tries()).toBeLessThan(20);
    },
  );

  test('while there is no database it answers 503 with Retry-After, and recovers by itself', async () => {
    const { id } = await create(face, 'first');
    proxy.close();
    expect(await face.create(service, acme('second'))).toMatchObject({ code: 'UNAVAILABLE' });
    expect(await face.update(service, id, { name: 'Globex' })).toMatchObject({
      code: 'UNAVAILABLE',
    });
    const reply = await service.post('/customers', { corporation_id: 'corp_123', name: 'Acme' });
    expect([reply.status, reply.headers.get('retry-after')]).toEqual([503, '1']);
    expect(JSON.stringify(reply.body)).not.toMatch(/ECONN|CONNECTION|127\.0\.0\.1/);
    expect((await service.get('/readyz')).status).toBe(503);
    expect((await service.get('/healthz')).status).toBe(200);

    proxy.reopen();
    await vi.waitUntil(async () => (await service.get('/readyz')).status === 200, patience);
    expect(await written('second')).toBe(false);
    expect(await face.read(service, id)).toMatchObject({ name: 'Acme', version: 1 });
    expect(await face.create(service, acme('second'))).toHaveProperty('customer');
  });

  test('a database that takes no writes answers reads, and 503 to writes', async () => {
    const { id } = await create(face, 'first');
    const name = new URL(behind).pathname.slice(1);
    const setReadOnly = async (value: 'on' | 'off') => {
      await execute(
        behind,
        `begin read write;
         alter database ${name} set default_transaction_read_only = ${value};
         commit`,
      );
      await terminate();
    };
    await setReadOnly('on');
    expect(await face.create(service, acme('second'))).toMatchObject({ code: 'UNAVAILABLE' });
    expect(await face.update(service, id, { name: 'Globex' })).toMatchObject({
      code: 'UNAVAILABLE',
    });
    expect(await face.read(service, id)).toMatchObject({ id, name: 'Acme' });
    expect((await service.get('/readyz')).status).toBe(503);
    await setReadOnly('off');
    await vi.waitUntil(async () => (await service.get('/readyz')).status === 200, patience);
    expect(await face.create(service, acme('second'))).toHaveProperty('customer');
  });
});

describe('several servers', () => {
  beforeEach(() => open('require'));

  test('are asked in turn for one that is there, also when that changes', async () => {
    const other = await TcpProxy.to(behind);
    await service.stop();
    const both = behind.replace(new URL(behind).host, `${proxy.address},${other.address}`);
    proxy.close();
    await service.open({ DATABASE_URL: both });
    const body = { corporation_id: 'corp_123', name: 'Acme' };
    expect((await service.post('/customers', body)).status).toBe(201);

    other.close();
    expect((await service.post('/customers', body)).status).toBe(503);
    proxy.reopen();
    await vi.waitUntil(async () => (await service.get('/readyz')).status === 200, patience);
    expect((await service.post('/customers', body)).status).toBe(201);
    await service.stop();
    await other.stop();
    await open('require');
  });

  test('are told apart from one that fell silent, and what it was asked is done by another', async () => {
    const other = await TcpProxy.to(behind);
    await service.stop();
    const both = behind.replace(new URL(behind).host, `${proxy.address},${other.address}`);
    await service.open({ DATABASE_URL: both });
    const body = { corporation_id: 'corp_123', name: 'Acme', external_id: 'silent' };

    proxy.mute();
    const since = performance.now();
    const created = await service.post('/customers', body);
    expect(performance.now() - since).toBeLessThan(15_000);
    expect(created.status).toBe(201);
    expect(await written('silent')).toBe(true);
    const read = await service.get(`/customers/${created.body.id}`);
    expect(read.body.data).toMatchObject({ external_id: 'silent' });

    proxy.reopen();
    await service.stop();
    await other.stop();
    await open('require');
  });

  test('of which none takes writes cannot be started on', async () => {
    const url = await createDatabase();
    const name = new URL(url).pathname.slice(1);
    await execute(url, `alter database ${name} set default_transaction_read_only = on`);
    const { host } = new URL(url);
    await expect(openDatabase(url.replace(host, `${host},${host}`))).rejects.toThrow(
      /takes writes/,
    );
    await dropDatabase(url);
  });
});
