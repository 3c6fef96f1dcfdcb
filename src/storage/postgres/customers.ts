import { and, eq, sql } from 'drizzle-orm';
import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core';
import type { TransactionSql } from 'postgres';
import { fold } from '../fold.js';
import type {
  ChangedCustomer,
  Customer,
  CustomerChange,
  CustomerKey,
  CustomerStore,
  ExternalIdTaken,
  IdempotencyClaim,
  InsertCustomerOutcome,
  InsertManyOutcome,
  KeyMismatch,
  NoSuchCorporation,
  WriteObserver,
  Written,
} from '../storage.js';
import { createCreates } from './creates.js';
import { createCustomerScan } from './customerScan.js';
import { brokeForeignKey, brokenUnique, TryAgain } from './faults.js';
import { type Idempotency, settledBy } from './idempotency.js';
import { insertAll } from './inserts.js';
import { createLookup } from './lookup.js';
import type { Resolved } from './resolved.js';
import { type Queries, type Run, retrying } from './run.js';
import { isOneOf, prepare, prepareRun } from './statement.js';
import { customerColumns, customers } from './tables.js';
import { isStorable } from './text.js';
import type { WriteQueue } from './writeQueue.js';

export function createCustomerStore(
  db: PgDatabase<PgQueryResultHKT>,
  run: Run,
  queue: WriteQueue,
  idempotency: Idempotency,
  resolved: Resolved,
  observer: WriteObserver | undefined,
): CustomerStore & { flush(): void } {
  const byId = db
    .select(customerColumns)
    .from(customers)
    .where(eq(customers.id, sql.placeholder('id')));
  const byExternalId = db
    .select(customerColumns)
    .from(customers)
    .where(
      and(
        eq(customers.corporationId, sql.placeholder('corporationId')),
        eq(customers.externalId, sql.placeholder('externalId')),
      ),
    );
  const selectByExternalId = prepare(customerColumns, byExternalId);
  const lockById = prepare(customerColumns, byId.for('update'));
  const lockByExternalId = prepare(customerColumns, byExternalId.for('update'));
  const selectIds = prepare(
    { id: customers.id },
    db.select({ id: customers.id }).from(customers).where(isOneOf(customers.id, 'ids')),
  );
  const selectByIds = prepare(
    customerColumns,
    db.select(customerColumns).from(customers).where(isOneOf(customers.id, 'ids')),
  );
  const findById = createLookup(
    (ids) => run.read((client) => selectByIds(client, { ids })),
    ({ id }) => id,
  );
  const values = {
    id: sql.placeholder('id'),
    corporationId: sql.placeholder('corporationId'),
    name: sql.placeholder('name'),
    email: sql.placeholder('email'),
    externalId: sql.placeholder('externalId'),
    shippingAddress: sql.placeholder('shippingAddress'),
    sourcePlatform: sql.placeholder('sourcePlatform'),
    sourcePlatformId: sql.placeholder('sourcePlatformId'),
    version: sql.placeholder('version'),
    createdAt: sql.placeholder('createdAt'),
    updatedAt: sql.placeholder('updatedAt'),
    foldedName: sql.placeholder('foldedName'),
  };
  const insertOne = prepareRun(db.insert(customers).values(values));
  const updateOne = prepareRun(
    db
      .update(customers)
      .set(values as never)
      .where(eq(customers.id, sql.placeholder('id'))),
  );
  const deleteOne = prepareRun(db.delete(customers).where(eq(customers.id, sql.placeholder('id'))));

  const creates = createCreates(run, queue, idempotency, findIds, observer);

  async function findIds(ids: string[]): Promise<Set<string>> {
    const rows = await run.read((client) => selectIds(client, { ids }));
    return new Set(rows.map(({ id }) => id));
  }

  async function findByExternalId(
    client: Queries,
    key: { corporationId: string; externalId: string },
  ): Promise<Customer | null> {
    if (!Object.values(key).every(isStorable)) return null;
    return (await selectByExternalId(client, key))[0] ?? null;
  }

  async function lock(transaction: TransactionSql, key: CustomerKey): Promise<Customer | null> {
    if (!Object.values(key).every(isStorable)) return null;
    const lockIt = 'id' in key ? lockById : lockByExternalId;
    return (await lockIt(transaction, key))[0] ?? null;
  }

  async function apply(
    transaction: TransactionSql,
    current: Customer | null,
    change: CustomerChange,
  ): Promise<void> {
    if ('remove' in change) {
      await deleteOne(transaction, change.remove);
      return;
    }
    const next = { ...change.write, foldedName: fold(change.write.name) };
    if (!current) await insertOne(transaction, next);
    else if (change.write !== current) await updateOne(transaction, next);
  }

  async function change<Refusal extends { outcome: string }>(
    key: CustomerKey,
    decide: (current: Customer | null) => CustomerChange | Refusal,
    claim: IdempotencyClaim | null,
  ): Promise<
    Written<ChangedCustomer> | KeyMismatch | ExternalIdTaken | NoSuchCorporation | Refusal
  > {
    let affected: Customer | null = null;
    try {
      return await run.transaction(async (transaction) => {
        affected = null;
        // In this order, for whoever had the lock before may have used the key.
        const [current, record] = await Promise.all([
          lock(transaction, key),
          claim && idempotency.find(transaction, claim),
        ]);
        if (record && claim) return settledBy<ChangedCustomer>(record, claim);

        const decision = decide(current);
        if ('outcome' in decision) return decision;
        affected = 'write' in decision ? decision.write : decision.remove;
        const changed = { customer: affected, created: !current };
        await Promise.all([
          apply(transaction, current, decision),
          claim && idempotency.keep(transaction, claim, changed),
        ]);
        return { outcome: 'written', record: changed, replayed: false };
      });
    } catch (error) {
      if (brokeForeignKey(error)) return { outcome: 'no-such-corporation' };
      if (brokenUnique(error) === null || !affected) throw error;
      const { corporationId, externalId } = affected as Customer;
      const existing =
        externalId === null
          ? null
          : await run.read((client) => findByExternalId(client, { corporationId, externalId }));
      // The customer that was not there came meanwhile, or the one with the external id went.
      const came = 'id' in key ? existing?.id === key.id : key.externalId === externalId;
      if (!existing || came) {
        throw new TryAgain('', { cause: error });
      }
      return { outcome: 'external-id-taken', existing };
    }
  }

  async function insertMany(
    inserts: { make: () => Customer; claim: IdempotencyClaim | null }[],
    claim: IdempotencyClaim | null,
  ): Promise<InsertManyOutcome> {
    const items = inserts.map(({ make, claim }, index) => ({ customer: make(), claim, index }));
    return run.transaction(async (transaction): Promise<InsertManyOutcome> => {
      const earlier = claim && (await idempotency.find(transaction, claim));
      if (earlier && claim) return settledBy<InsertCustomerOutcome[]>(earlier, claim);

      const record: InsertCustomerOutcome[] = new Array(items.length);
      try {
        await insertAll(transaction, items, ({ index }, outcome) => {
          record[index] = outcome;
        });
      } catch (error) {
        if (brokenUnique(error) !== null) throw new TryAgain('', { cause: error });
        throw error;
      }
      if (!record.some(({ outcome }) => outcome === 'written')) {
        return { outcome: 'none-written', record };
      }
      if (claim) await idempotency.keep(transaction, claim, record);
      return { outcome: 'written', record, replayed: false };
    });
  }

  return {
    byId: async (id) => (isStorable(id) ? findById(id) : null),
    byExternalId: (corporationId, externalId) =>
      run.read((client) => findByExternalId(client, { corporationId, externalId })),
    ...createCustomerScan(db, run),
    insert: creates.create,
    insertMany: (inserts, claim) =>
      queue.write(() =>
        resolved<InsertCustomerOutcome[], InsertManyOutcome>(claim, () =>
          insertMany(inserts, claim),
        ),
      ),
    change: (key, decide, claim) =>
      queue.write(() =>
        resolved(claim, () => retrying(() => change(key, decide, claim), ['conflict'])),
      ),
    flush: creates.flush,
  };
}
