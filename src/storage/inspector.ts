import type { Milliseconds, Token } from './storage.js';

/**
 * Tells what a database is like, and changes nothing. Nothing is opened before it is asked for; each
 * verb rejects with `OpenError` when it cannot be read.
 */
export type Inspector = {
  place(): Promise<Place>;
  /** Whether it has tables, but none of Clientele. */
  foreign(): Promise<boolean>;
  /** Reads the whole database; null for a server, which looks after that itself. */
  integrity(): Promise<Integrity | null>;
  /** Rejects with `MigrationError` when a newer version has left it so that this one cannot use it. */
  migrations(): Promise<MigrationStatus>;
  /** The latest time that a row was written at, by its own account; null when there is no row. */
  newest(): Promise<Milliseconds | null>;
  corporations(): Promise<number>;
  tokens(): Promise<Pick<Token, 'expiresAt' | 'revokedAt'>[]>;
  close(): Promise<void>;
};

/** Where a database is, and what it is there. */
export type Place =
  | { type: 'memory' }
  /** What is beside it until the next checkpoint has `walBytes`; what is not there has 0. */
  | { type: 'file'; path: string; bytes: number; walBytes: number }
  /** The version is as it names itself: `PostgreSQL 15.14`. */
  | { type: 'server'; version: string; takesWrites: boolean };

export type Integrity = {
  /** Why the pages are not as they must be; none when all are sound. */
  damage: string[];
  /** The tables that have rows which refer to nothing; not looked for where there is damage. */
  orphanedIn: string[];
};

/**
 * The migrations of this version: how many a database lacks, and when the newest was made, in ms; and
 * how many it has of a newer version, none of which this one minds.
 */
export type MigrationStatus = { pending: number; newest: Milliseconds; unknown: number };
