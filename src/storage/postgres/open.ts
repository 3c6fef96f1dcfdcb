import { drizzle } from 'drizzle-orm/postgres-js';
import { UnavailableError } from '../../errors.js';
import { nameOf, type PostgresDatabase } from '../database.js';
import { OpenError } from '../errors.js';
import type { Storage, WriteOptions } from '../storage.js';
import { type Connections, createConnections } from './connections.js';
import { createCorporationStore } from './corporations.js';
import { createCustomerStore } from './customers.js';
import { toUnavailable } from './faults.js';
import { createIdempotency } from './idempotency.js';
import { applyMigrations, hasTables } from './migrate.js';
import { createResolved } from './resolved.js';
import { createRun, type Run, retrying } from './run.js';
import { createTokenStore } from './tokens.js';
import { createWriteQueue } from './writeQueue.js';

/** How long, in ms, the server may take to say that it is well. */
const pingTimeout = 3000;

/** As `openStorage`. */
export async function openPostgres(
  database: PostgresDatabase,
  options: WriteOptions,
): Promise<Storage> {
  const connections = createConnections(database);
  try {
    const run = createRun(connections, transactionsOf(database), options.observer);
    await migrate(connections, database);
    return createStorage(connections, run, options);
  } catch (error) {
    await connections.close();
    throw explained(error, database);
  }
}

/** As `migrateDatabase`. */
export function migratePostgres(database: PostgresDatabase): Promise<number> {
  return withConnections(database, (connections) => migrate(connections, database));
}

/** As `databaseExists`. */
export function postgresExists(database: PostgresDatabase): Promise<boolean> {
  return withConnections(database, (connections) =>
    createRun(connections, 1).read((client) => hasTables(client)),
  );
}

/** May take as long as it takes. */
function migrate(connections: Connections, database: PostgresDatabase): Promise<number> {
  return retrying(
    async () => applyMigrations(await connections.current(), nameOf(database)),
    ['conflict', 'unsent', 'lost'],
  );
}

/** Does work on a database that is not otherwise opened. */
export async function withConnections<T>(
  database: PostgresDatabase,
  work: (connections: Connections) => Promise<T>,
): Promise<T> {
  const connections = createConnections(database);
  try {
    return await work(connections);
  } catch (error) {
    throw explained(toUnavailable(error), database);
  } finally {
    await connections.close();
  }
}

/** Half of the connections, so that reads need not wait for writes. */
function transactionsOf({ connectionLimit }: PostgresDatabase): number {
  return Math.max(1, Math.floor(connectionLimit / 2));
}

function createStorage(connections: Connections, run: Run, options: WriteOptions): Storage {
  // It writes statements here, which other connections carry out.
  const db = drizzle.mock();
  const queue = createWriteQueue(options);
  const idempotency = createIdempotency(db);
  const resolved = createResolved(run, queue, idempotency);
  const { flush, ...customers } = createCustomerStore(
    db,
    run,
    queue,
    idempotency,
    resolved,
    options.observer,
  );

  return {
    customers,
    corporations: createCorporationStore(db, run, queue, idempotency, resolved),
    tokens: createTokenStore(db, run, queue),
    flush,
    ping: () =>
      inTime(
        run.read(async (client) => {
          const [state] = await client.unsafe<[{ readonly: string }]>(
            `select current_setting('transaction_read_only') as readonly, count(*),
               (select count(*) from customers where false)
             from __drizzle_migrations`,
          );
          if (state.readonly === 'on') throw new OpenError('The database takes no writes.');
        }),
      ),
    async stats() {
      const size = run.once(async (client) => {
        const [{ size }] = await client.unsafe<[{ size: string | null }]>(
          'select pg_database_size(current_database()) as size',
        );
        return size === null ? null : Number(size);
      });
      const databaseBytes = await inTime(size).catch(() => null);
      return { queuedWrites: queue.queued(), databaseBytes };
    },
    async close() {
      await queue.drained();
      run.close();
      await connections.close();
    },
  };
}

async function inTime<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new UnavailableError('The database does not answer.')),
      pingTimeout,
    );
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** The same error, or `OpenError` when it speaks of the machine rather than of a statement. */
export function explained(error: unknown, database: PostgresDatabase): unknown {
  if (!(error instanceof UnavailableError)) return error;
  const { cause } = error;
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new OpenError(`The database ${nameOf(database)} cannot be opened: ${reason}.`, { cause });
}
