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
export type NoSuchCorporation = { outcome: 'no-such-corporation' };
export type ExternalIdTaken = { outcome: 'external-id-taken'; existing: Customer };

export type InsertCustomerOutcome =
  | Written<Customer>
  | KeyMismatch
  | ExternalIdTaken
  | NoSuchCorporation;

export type InsertManyOutcome =
  | Written<InsertCustomerOutcome[]>
  | KeyMismatch
  | { outcome: 'none-written'; record: InsertCustomerOutcome[] };

export type InsertCorporationOutcome = Written<Corporation> | KeyMismatch | { outcome: 'id-taken' };

/** What names one customer. */
export type CustomerKey = { id: string } | { corporationId: string; externalId: string };

/** What is to become of a customer: a state to write (the current one, to keep it), or nothing. */
export type CustomerChange = { write: Customer } | { remove: Customer };

/** The customer as it was written or removed, and whether it is new. */
export type ChangedCustomer = { customer: Customer; created: boolean };

/**
 * Up to `limit` records of an ordered set, in the order of the scan, that lie behind the position
 * `from` and before the position `to`; null for the ends of the set.
 */
export type Scan<Position> = {
  order: 'ascending' | 'descending';
  from: Position | null;
  to: Position | null;
  limit: number;
};

/** A customer matches when it matches each that is not null; `search` is a part of the name. */
export type CustomerFilter = {
  name: string | null;
  search: string | null;
  email: string | null;
  externalId: string | null;
  sourcePlatforms: string[] | null;
  sourcePlatformIds: string[] | null;
};

/** Customers are in the order of their ids, and so of their creation. */
export type CustomerPosition = string;

/** Corporations are in the order of their creation; their ids may come from outside. */
export type CorporationPosition = { createdAt: Milliseconds; id: string };

/**
 * Writes resolve when their outcome is on disk, and throw `UnavailableError` when nothing could be
 * written. Where the database is another machine, they throw `OutcomeUnknownError` when the answer to
 * a commit did not come and nothing tells what became of it.
 */
export interface CustomerStore {
  byId(id: string): Promise<Customer | null>;
  byExternalId(corporationId: string, externalId: string): Promise<Customer | null>;
  scan(
    corporationId: string,
    filter: CustomerFilter,
    scan: Scan<CustomerPosition>,
  ): Promise<Customer[]>;
  count(corporationId: string, filter: CustomerFilter): Promise<number>;
  /**
   * On SQLite `make` is called inside the transaction, so that ids are in the order of the commits
   * even where several processes write: a reader that goes on from the last one misses none. On
   * PostgreSQL that could only be had by making all who write wait for each other, and is not given:
   * a customer may appear behind one that is younger by as long as its own commit took. Whoever
   * follows a list there goes on from a little before the last that was seen.
   */
  insert(make: () => Customer, claim: IdempotencyClaim | null): Promise<InsertCustomerOutcome>;
  /** Inserts each on its own, all in one commit. `claim` is for the call as a whole. */
  insertMany(
    inserts: { make: () => Customer; claim: IdempotencyClaim | null }[],
    claim: IdempotencyClaim | null,
  ): Promise<InsertManyOutcome>;
  /**
   * Reads the customer that the key names and does what `decide` makes of it, in one transaction.
   * Nothing is written when `decide` refuses: what it returned is the outcome then.
   */
  change<Refusal extends { outcome: string }>(
    key: CustomerKey,
    decide: (current: Customer | null) => CustomerChange | Refusal,
    claim: IdempotencyClaim | null,
  ): Promise<
    Written<ChangedCustomer> | KeyMismatch | ExternalIdTaken | NoSuchCorporation | Refusal
  >;
}

/** `among` confines a read to certain ids; null means all. */
export interface CorporationStore {
  byId(id: string): Promise<Corporation | null>;
  scan(among: string[] | null, scan: Scan<CorporationPosition>): Promise<Corporation[]>;
  count(among: string[] | null): Promise<number>;
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

/** Is told of writes as they happen, for metrics and traces. */
export type WriteObserver = {
  /** A caller's write begins to wait for its commit; what this returns is called when it is settled. */
  waiting?: (() => () => void) | undefined;
  /** A transaction with so many writes was run and committed, in so many ms. */
  committed?: ((writes: number, duration: Milliseconds) => void) | undefined;
};

export type WriteOptions = {
  /** Writes that may wait for their commit. */
  writeQueueLimit: number;
  observer?: WriteObserver;
};

export type StorageStats = {
  /** Writes that wait for their commit. */
  queuedWrites: number;
  /** The database, with what is still in its log file; null while it does not tell. */
  databaseBytes: number | null;
};

export interface Storage {
  customers: CustomerStore;
  corporations: CorporationStore;
  tokens: TokenStore;
  /** Begins at once to commit the writes that would wait for others to join them. */
  flush(): void;
  /**
   * Rejects when the database does not answer, was found damaged, is not in its place, or takes no
   * writes. Makes a test write, and waits as long as one may, unless the last write that is known of
   * was kept.
   */
  ping(): Promise<void>;
  stats(): Promise<StorageStats>;
  /** Finishes the writes that were begun, then lets go of the database. */
  close(): Promise<void>;
}
