import { getTableColumns, type SQL, sql } from 'drizzle-orm';
import {
  type AnyPgColumn,
  check,
  customType,
  index,
  integer,
  pgTable,
  text as plainText,
  primaryKey,
  uniqueIndex,
} from 'drizzle-orm/pg-core';
import type { Address } from '../storage.js';

/** The last moment whose year has four digits, beyond which the two write a time differently. */
const endOfTime = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

/** Milliseconds since the epoch here, a moment there. */
const time = customType<{ data: number; driverData: string }>({
  dataType: () => 'timestamp(3) with time zone',
  toDriver: (milliseconds) => new Date(Math.min(milliseconds, endOfTime)).toISOString(),
  fromDriver: (text) => Date.parse(text),
});

/** Compared byte by byte, whatever the database's own order is: cursors and ids go by it. */
const text = customType<{ data: string; driverData: string }>({
  dataType: () => 'text collate "C"',
});

/** Null stays NULL, and is not the JSON of that name. */
function json<T>() {
  return customType<{ data: T; driverData: unknown }>({
    dataType: () => 'jsonb',
    toDriver: (value) => (value == null ? null : JSON.stringify(value)),
    fromDriver: (value) => value as T,
  });
}

/** The database gives the fields in an order of its own. */
const address = customType<{ data: Address; driverData: unknown }>({
  dataType: () => 'jsonb',
  toDriver: (value) => (value == null ? null : JSON.stringify(value)),
  fromDriver(value) {
    const { line1, line2, city, state, postalCode, country } = value as Address;
    return { line1, line2, city, state, postalCode, country };
  },
});

/** The last guard: what may be in it, and what its caller is told, is the service's to say. */
function atMost(length: number, column: AnyPgColumn): SQL {
  return sql`char_length(${column}) <= ${sql.raw(String(length))}`;
}

export const corporations = pgTable(
  'corporations',
  {
    id: text().primaryKey(),
    legalName: text('legal_name').notNull(),
    jurisdiction: text().notNull(),
    createdAt: time('created_at').notNull(),
  },
  (table) => [
    index('corporations_by_age').on(table.createdAt, table.id),
    check('corporations_id', atMost(255, table.id)),
    check('corporations_legal_name', atMost(255, table.legalName)),
    check('corporations_jurisdiction', atMost(2, table.jurisdiction)),
  ],
);

export const customers = pgTable(
  'customers',
  {
    id: text().primaryKey(),
    corporationId: text('corporation_id')
      .notNull()
      .references(() => corporations.id),
    name: text().notNull(),
    email: text(),
    externalId: text('external_id'),
    shippingAddress: address('shipping_address'),
    sourcePlatform: text('source_platform'),
    sourcePlatformId: text('source_platform_id'),
    version: integer().notNull(),
    createdAt: time('created_at').notNull(),
    updatedAt: time('updated_at').notNull(),
    /** `fold` of the name, for searches. */
    foldedName: text('folded_name').notNull(),
  },
  (table) => [
    uniqueIndex('customers_by_external_id')
      .on(table.corporationId, table.externalId)
      .where(sql`external_id is not null`),
    index('customers_by_corporation').on(table.corporationId, table.id),
    index('customers_by_name').on(table.corporationId, table.name, table.id),
    index('customers_by_email')
      .on(table.corporationId, table.email, table.id)
      .where(sql`email is not null`),
    index('customers_by_source_platform')
      .on(table.corporationId, table.sourcePlatform, table.id)
      .where(sql`source_platform is not null`),
    index('customers_by_source_platform_id')
      .on(table.corporationId, table.sourcePlatformId, table.id)
      .where(sql`source_platform_id is not null`),
    check('customers_id', atMost(255, table.id)),
    check('customers_name', atMost(255, table.name)),
    check('customers_email', atMost(254, table.email)),
    check('customers_external_id', atMost(255, table.externalId)),
    check('customers_source_platform', atMost(255, table.sourcePlatform)),
    check('customers_source_platform_id', atMost(255, table.sourcePlatformId)),
    check('customers_version', sql`${table.version} >= 1`),
  ],
);

/** What is known of a customer outside storage. */
export const { foldedName: _, ...customerColumns } = getTableColumns(customers);

export const tokens = pgTable('tokens', {
  id: text().primaryKey(),
  name: text().notNull(),
  hash: text().notNull().unique('tokens_by_hash'),
  corporationIds: json<string[]>()('corporation_ids'),
  right: plainText({ enum: ['read', 'write'] }).notNull(),
  createdAt: time('created_at').notNull(),
  expiresAt: time('expires_at'),
  revokedAt: time('revoked_at'),
});

export const idempotencyRecords = pgTable(
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
    primaryKey({
      name: 'idempotency_records_by_key',
      columns: [table.tokenId, table.operation, table.key],
    }),
    index('idempotency_records_by_age').on(table.createdAt),
    check('idempotency_records_key', atMost(255, table.key)),
  ],
);
