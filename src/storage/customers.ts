import { and, eq, sql } from 'drizzle-orm';
import type { BetterSQLite3Database } from 'drizzle-orm/better-sqlite3';
import { brokenConstraint } from './faults.js';
import type { SettleClaim } from './idempotency.js';
import type { Customer, CustomerStore, InsertCustomerOutcome } from './storage.js';
import { customers } from './tables.js';
import type { Writer } from './writer.js';

export function createCustomerStore(
  db: BetterSQLite3Database,
  writer: Writer,
  settleClaim: SettleClaim,
): CustomerStore {
  const selectById = db
    .select()
    .from(customers)
    .where(eq(customers.id, sql.placeholder('id')))
    .prepare();
  const selectByExternalId = db
    .select()
    .from(customers)
    .where(
      and(
        eq(customers.corporationId, sql.placeholder('corporationId')),
        eq(customers.externalId, sql.placeholder('externalId')),
      ),
    )
    .prepare();
  const insert = db
    .insert(customers)
    .values({
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
    })
    .prepare();

  /** The indexes decide, so that two calls cannot both find the external id free. */
  function tryInsert(
    customer: Customer,
  ): Exclude<InsertCustomerOutcome, { outcome: 'key-mismatch' }> {
    try {
      insert.run(customer);
      return { outcome: 'written', record: customer, replayed: false };
    } catch (error) {
      const broken = brokenConstraint(error);
      if (broken === 'foreign-key') return { outcome: 'no-such-corporation' };
      const existing = broken === 'unique' ? selectByExternalId.get(customer) : undefined;
      if (!existing) throw error;
      return { outcome: 'external-id-taken', existing };
    }
  }

  return {
    byId: async (id) => selectById.get({ id }) ?? null,
    byExternalId: async (corporationId, externalId) =>
      selectByExternalId.get({ corporationId, externalId }) ?? null,
    insert: (customer, claim) => writer.write(() => settleClaim(claim, () => tryInsert(customer))),
  };
}
