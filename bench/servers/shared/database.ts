import { randomUUID } from 'node:crypto';
import BetterSqlite3 from 'better-sqlite3';
import type { FindToken } from './access.js';
import type { CustomerInput } from './input.js';

/** A customer as the servers answer it. */
export type Customer = CustomerInput & { id: string; createdAt: Date };

export type Database = {
  insertCustomer(input: CustomerInput): Promise<Customer>;
  findToken: FindToken;
};

/**
 * The tables are Clientele's, and what was answered is on disk. Beyond that the settings are those
 * that better-sqlite3 comes with, and each insert is a transaction of its own.
 */
export function openDatabase(): Database {
  const database = new BetterSqlite3(process.env.DATABASE);
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = FULL');

  const insert = database.prepare(`
    insert into customers (id, corporation_id, name, email, external_id, shipping_address,
      source_platform, source_platform_id, version, created_at, updated_at)
    values (@id, @corporationId, @name, @email, @externalId, @shippingAddress,
      @sourcePlatform, @sourcePlatformId, 1, @createdAt, @createdAt)`);
  const byHash = database.prepare<
    [string],
    {
      right: 'read' | 'write';
      corporation_ids: string | null;
      expires_at: number | null;
      revoked_at: number | null;
    }
  >('select "right", corporation_ids, expires_at, revoked_at from tokens where hash = ?');

  return {
    async insertCustomer(input) {
      const customer = { ...input, id: randomUUID(), createdAt: new Date() };
      insert.run({
        ...customer,
        shippingAddress: input.shippingAddress && JSON.stringify(input.shippingAddress),
        createdAt: customer.createdAt.getTime(),
      });
      return customer;
    },
    async findToken(hash) {
      const row = byHash.get(hash);
      return row
        ? {
            right: row.right,
            corporationIds: row.corporation_ids && JSON.parse(row.corporation_ids),
            expiresAt: row.expires_at,
            revokedAt: row.revoked_at,
          }
        : null;
    },
  };
}
