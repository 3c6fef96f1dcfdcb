import type { Corporation, Customer, IdempotencyClaim, Milliseconds, Token } from './storage.js';

/** What is kept of a call with an idempotency key: what it asked, and what it was answered. */
export type IdempotencyRecord = Pick<
  IdempotencyClaim,
  'tokenId' | 'operation' | 'key' | 'fingerprint'
> & { answer: unknown; createdAt: Milliseconds };

export type Table = (typeof tables)[number];

export type TransferRecord = Corporation | Customer | Token | IdempotencyRecord;

/** All that is kept, in an order in which it can be written: a customer needs its corporation. */
export const tables = ['corporations', 'customers', 'tokens', 'idempotencyRecords'] as const;

/** What names a record within its table. Records are in the order of its bytes, in every database. */
export type Key = readonly string[];

/** Before every key of a table. */
export const firstKey = {
  corporations: [''],
  customers: [''],
  tokens: [''],
  idempotencyRecords: ['', '', ''],
} satisfies Record<Table, Key>;

export type TransferOptions = {
  /** Idempotency records made before this time no longer count, and are left out. */
  validSince: Milliseconds;
  /** Whether records are written too. */
  write: boolean;
};

/** One database as a copy sees it. Each verb rejects with `CopyError` when the database cannot do it. */
export type Transfer = {
  /** How many records the table has; null where counting them takes too long. */
  count(table: Table): Promise<number | null>;
  /** Up to `limit` records behind the key, in the order of their keys. */
  read(table: Table, after: Key, limit: number): Promise<TransferRecord[]>;
  /**
   * Writes them as they are, in one commit; one whose key is there already is left alone, unless what is
   * there has expired.
   */
  write(table: Table, records: TransferRecord[]): Promise<void>;
};

export function keyOf(record: TransferRecord): Key {
  return 'id' in record ? [record.id] : [record.tokenId, record.operation, record.key];
}
