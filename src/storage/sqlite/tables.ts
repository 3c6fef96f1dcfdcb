import { getTableColumns, sql } from 'drizzle-orm';
import {
  customType,
  index,
  integer,
  primaryKey,
  sqliteTable,
  text,
  uniqueIndex,
} from 'drizzle-orm/sqlite-core';
import type { Address } from '../storage.js';

/**
 * Drizzle's own JSON mode writes an absent value as the text "null" when it comes through a
 * placeholder; here it stays NULL.
 */
function json<T>() {
  return customType<{ data: T; driverData: string | null }>({
    dataType: () => 'text',
    toDriver: (value) => (value == null ? null : JSON.stringify(value)),
    fromDriver: (value) => JSON.parse(value as string) as T,
  });
}

/** Milliseconds since the epoch. */
const time = integer;

export const corporations = sqliteTable(
  'corporations',
  {
    id: text().primaryKey(),
    legalName: text('legal_name').notNull(),
    jurisdiction: text().notNull(),
    createdAt: time('created_at').notNull(),
  },
  (table) => [index('corporations_by_age').on(table.createdAt, table.id)],
);

export const customers = sqliteTable(
  'customers',
  {
    /** Grows with each insert and is never used again: the search index goes by it. */
    seq: integer().primaryKey({ autoIncrement: true }),
    id: text().notNull().unique('customers_by_id'),
    corporationId: text('corporation_id')
      .notNull()
      .references(() => corporations.id),
    name: text().notNull(),
    email: text(),
    externalId: text('external_id'),
    shippingAddress: json<Address>()('shipping_address'),
    sourcePlatform: text('source_platform'),
    sourcePlatformId: text('source_platform_id'),
    version: integer().notNull(),
    createdAt: time('created_at').notNull(),
    updatedAt: time('updated_at').notNull(),
  },
  (table) => [
    uniqueIndex('customers_by_external_id')
      .on(table.corporationId, table.externalId)
      .where(sql`external_id is not null`),
    index('customers_by_corporation').on(table.corporationId, table.id),
  ],
);

/** What is known of a customer outside storage. */
export const { seq: _, ...customerColumns } = getTableColumns(customers);

/**
 * How many customers each corporation has, up to where they are counted. The triggers of the migration
 * `counts` keep it, since counting them takes longer the more there are.
 */
export const customerCounts = sqliteTable('customer_counts', {
  corporationId: text('corporation_id').primaryKey(),
  count: integer().notNull(),
});

/**
 * How far customers are counted: those up to this `seq` are. One row. A trigger counts what it passes when
 * it is set, so it must never be set back; to count each customer with its insert would take a third of the
 * insert.
 */
export const customerCountsState = sqliteTable('customer_counts_state', {
  countedThrough: integer('counted_through').notNull(),
});

/**
 * How far the search index goes: customers up to this `seq` are in it. One row. The index itself,
 * `customer_names` and `customer_words`, is made by the migrations `growth` and `words`: Drizzle
 * knows no virtual tables.
 */
export const searchIndexState = sqliteTable('search_index_state', {
  indexedThrough: integer('indexed_through').notNull(),
});

export const tokens = sqliteTable('tokens', {
  id: text().primaryKey(),
  name: text().notNull(),
  hash: text().notNull().unique('tokens_by_hash'),
  corporationIds: json<string[]>()('corporation_ids'),
  right: text({ enum: ['read', 'write'] }).notNull(),
  createdAt: time('created_at').notNull(),
  expiresAt: time('expires_at'),
  revokedAt: time('revoked_at'),
});

export const idempotencyRecords = sqliteTable(
  'idempotency_records',
  {
    tokenId: text('token_id').notNull(),
    operation: text().notNull(),
    key: text().notNull(),
    fingerprint: text().notNull(),
    answer: json<unknown>()('answer').notNull(),
    createdAt: time('created_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.tokenId, table.operation, table.key] }),
    index('idempotency_records_by_age').on(table.createdAt),
  ],
);
