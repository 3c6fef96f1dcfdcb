/**
 * The seam between the service and whatever keeps its data. The service sees these records and
 * verbs only; which database is behind them, and how it commits, is known in this folder alone.
 */

/** Times are milliseconds since 1970-01-01T00:00:00Z, in every record. */
export type Milliseconds = number;

export type Address = {
  line1: string | null;
  line2: string | null;
  city: string | null;
  state: string | null;
  postalCode: string | null;
  country: string | null;
};

export type Customer = {
  id: string;
  corporationId: string;
  name: string;
  email: string | null;
  externalId: string | null;
  shippingAddress: Address | null;
  sourcePlatform: string | null;
  sourcePlatformId: string | null;
  version: number;
  createdAt: Milliseconds;
  updatedAt: Milliseconds;
};

export type Corporation = {
  id: string;
  legalName: string;
  jurisdiction: string;
  createdAt: Milliseconds;
};

/** A bearer token as it is kept: by its hash, never as it was handed out. */
export type Token = {
  id: string;
  name: string;
  /** SHA-256 of the token, in hexadecimal. */
  hash: string;
  /** The corporations it reaches; null means all of them. */
  corporationIds: string[] | null;
  right: 'read' | 'write';
  createdAt: Milliseconds;
  expiresAt: Milliseconds | null;
  revokedAt: Milliseconds | null;
};

/**
 * A claim on an idempotency key. It is settled in the transaction of the write that it guards:
 * either this call is the first, and its answer is kept with the row it wrote, or an earlier
 * call's answer is returned and nothing is written.
 */
export type IdempotencyClaim = {
  tokenId: string;
  operation: string;
  key: string;
  /** Tells two inputs apart; equal for inputs that mean the same. */
  fingerprint: string;
  claimedAt: Milliseconds;
  /** Records made before this time no longer count. */
  validSince: Milliseconds;
};

export type Written<T> = { outcome: 'written'; record: T; replayed: boolean };
export type KeyMismatch = { outcome: 'key-mismatch' };

export type InsertCustomerOutcome =
  | Written<Customer>
  | KeyMismatch
  | { outcome: 'external-id-taken'; existing: Customer }
  | { outcome: 'no-such-corporation' };

export type InsertCorporationOutcome = Written<Corporation> | KeyMismatch | { outcome: 'id-taken' };

export interface CustomerStore {
  byId(id: string): Promise<Customer | null>;
  byExternalId(corporationId: string, externalId: string): Promise<Customer | null>;
  /** Resolves when the outcome is on disk. Throws `UnavailableError` when nothing could be written. */
  insert(customer: Customer, claim: IdempotencyClaim | null): Promise<InsertCustomerOutcome>;
}

export interface CorporationStore {
  byId(id: string): Promise<Corporation | null>;
  all(): Promise<Corporation[]>;
  insert(
    corporation: Corporation,
    claim: IdempotencyClaim | null,
  ): Promise<InsertCorporationOutcome>;
}

export interface TokenStore {
  byHash(hash: string): Promise<Token | null>;
  all(): Promise<Token[]>;
  insert(token: Token): Promise<void>;
  /** Resolves to false when there is no such token. */
  revoke(id: string, at: Milliseconds): Promise<boolean>;
}

export interface Storage {
  customers: CustomerStore;
  corporations: CorporationStore;
  tokens: TokenStore;
  /** Rejects when the database does not answer. */
  ping(): Promise<void>;
  /** Finishes the writes that were begun, then lets go of the database. */
  close(): Promise<void>;
}
