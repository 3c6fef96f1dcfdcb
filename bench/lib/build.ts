import type { Database } from 'better-sqlite3';

/** What the bench needs of a customer as Clientele's storage has it. */
export type StoredCustomer = {
  id: string;
  corporationId: string;
  name: string;
  email: string | null;
  externalId: string | null;
  shippingAddress: Record<
    'line1' | 'line2' | 'city' | 'state' | 'postalCode' | 'country',
    string | null
  > | null;
  sourcePlatform: string | null;
  sourcePlatformId: string | null;
  version: number;
  createdAt: number;
  updatedAt: number;
};

export type StoredToken = {
  right: 'read' | 'write';
  corporationIds: string[] | null;
  expiresAt: number | null;
  revokedAt: number | null;
};

type SqliteModule = { openDatabase(path: string): Database };

type StorageModule = {
  openStorage(options: {
    database: { kind: 'sqlite'; path: string };
    writeQueueLimit: number;
  }): Promise<{
    customers: {
      insert(
        make: () => StoredCustomer,
        claim: null,
      ): Promise<{ outcome: 'written'; record: StoredCustomer } | { outcome: string }>;
    };
    tokens: { byHash(hash: string): Promise<StoredToken | null> };
  }>;
};

/**
 * Clientele's own storage, from its build. What is used of it is said here, since the build has no
 * type declarations.
 */
export function loadStorage(): Promise<StorageModule> {
  return load('storage.js');
}

/** What of it is SQLite's own. */
export function loadSqlite(): Promise<SqliteModule> {
  return load('sqlite.js');
}

function load<Module>(path: string): Promise<Module> {
  return import(new URL(`../../../dist/${path}`, import.meta.url).href);
}
