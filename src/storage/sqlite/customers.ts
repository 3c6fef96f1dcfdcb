import { and, eq, sql } from 'drizzle-orm';
import type {
  ChangedCustomer,
  Customer,
  CustomerChange,
  CustomerKey,
  CustomerStore,
  ExternalIdTaken,
  IdempotencyClaim,
  NoSuchCorporation,
  Written,
} from '../storage.js';
import type { Counts } from './counts.js';
import { createCustomerScan } from './customerScan.js';
import { brokenConstraint } from './faults.js';
import type { SettleClaim } from './idempotency.js';
import type { Reader } from './reader.js';
import type { SearchIndex } from './searchIndex.js';
import { type Connection, prepareGet, prepareRun } from './statement.js';
import { customerColumns, customers } from './tables.js';
import type { Writer } from './writer.js';

export function createCustomerStore(
  db: Connection,
  reader: Reader,
  writer: Writer,
  settleClaim: SettleClaim,
  searchIndex: SearchIndex,
  counts: Counts,
): CustomerStore {
  const selectById = prepareGet(
    db,
    customerColumns,
    db
      .select(customerColumns)
      .from(customers)
      .where(eq(customers.id, sql.placeholder('id'))),
  );
  const selectByExternalId = prepareGet(
    db,
    customerColumns,
    db
      .select(customerColumns)
      .from(customers)
      .where(
        and(
          eq(customers.corporationId, sql.placeholder('corporationId')),
          eq(customers.externalId, sql.placeholder('externalId')),
        ),
      ),
  );
  const insertOne = prepareRun(
    db,
    db.insert(customers).values({
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
    }),
  );

  function insertCustomer(customer: Customer): void {
    searchIndex.inserted(Number(insertOne(customer).lastInsertRowid));
  }

  function insert(make: () => Customer, claim: IdempotencyClaim | null) {
    return settleClaim(claim, () => {
      const customer = make();
      return unlessRefused(customer, (): Written<Customer> => {
        insertCustomer(customer);
        return { outcome: 'written', record: customer, replayed: false };
      });
    });
  }

  function apply(current: Customer | null, change: CustomerChange): Written<ChangedCustomer> {
    if ('remove' in change) {
      searchIndex.removing(change.remove);
      db.delete(customers).where(eq(customers.id, change.remove.id)).run();
      return changed(change.remove, false);
    }
    const next = change.write;
    if (!current) insertCustomer(next);
    else if (next !== current) {
      db.update(customers).set(next).where(eq(customers.id, current.id)).run();
      searchIndex.changed(current, next);
    }
    return changed(next, !current);
  }

  /** The indexes decide, so that two calls cannot both find an external id free. */
  function unlessRefused<T>(
    customer: Customer,
    write: () => T,
  ): T | ExternalIdTaken | NoSuchCorporation {
    try {
      return write();
    } catch (error) {
      const broken = brokenConstraint(error);
      if (broken === 'foreign-key') return { outcome: 'no-such-corporation' };
      const existing = broken === 'unique' ? selectByExternalId(customer) : null;
      if (!existing) throw error;
      return { outcome: 'external-id-taken', existing };
    }
  }

  function find(key: CustomerKey): Customer | null {
    return 'id' in key ? selectById(key) : selectByExternalId(key);
  }

  return {
    byId: (id) => reader.read(() => find({ id })),
    byExternalId: (corporationId, externalId) =>
      reader.read(() => find({ corporationId, externalId })),
    ...createCustomerScan(db, reader, searchIndex, counts),
    insert: (make, claim) => writer.write(() => insert(make, claim)),
    insertMany: (inserts, callClaim) =>
      writer.write(() =>
        settleClaim(callClaim, () => {
          const record = inserts.map(({ make, claim }) => insert(make, claim));
          return record.some(({ outcome }) => outcome === 'written')
            ? { outcome: 'written', record, replayed: false }
            : { outcome: 'none-written', record };
        }),
      ),
    change: (key, decide, claim) =>
      writer.write(() =>
        settleClaim(claim, () => {
          const current = find(key);
          const decision = decide(current);
          if ('outcome' in decision) return decision;
          const affected = 'write' in decision ? decision.write : decision.remove;
          return unlessRefused(affected, () => apply(current, decision));
        }),
      ),
  };
}

function changed(customer: Customer, created: boolean): Written<ChangedCustomer> {
  return { outcome: 'written', record: { customer, created }, replayed: false };
}
