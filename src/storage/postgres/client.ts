import { drizzle } from 'drizzle-orm/postgres-js';
import postgres, { type Sql } from 'postgres';
import type { PostgresDatabase } from '../database.js';
import { connectTimeout, openSocket } from './socket.js';

/** How long, in ms, a statement may take: longer than any should, and not for ever. */
const statementTimeout = 30_000;

/** How long, in ms, a statement may wait for a lock: as long as a write to SQLite. */
const lockTimeout = 5000;

/** A transaction that waits for this process as long, in ms, lost it. */
const idleTimeout = 10_000;

/** Between two tries to connect, in s; requests that cannot wait are refused meanwhile. */
const pauseBetweenTries = 0.1;

/**
 * A pool of connections to one server. They are opened when they are needed; `onClose` is called for
 * each that ends, of its own accord or not.
 */
export function createClient(
  { name, user, password, ssl, connectionLimit, applicationName }: PostgresDatabase,
  { host, port }: PostgresDatabase['servers'][number],
  onClose: () => void,
): Sql {
  const ended = new AbortController();
  const client = postgres({
    // As lists, which its types do not know: it would break a single one at the colons of IPv6.
    host: [host] as never,
    port: [port] as never,
    ...{
      socket: () => openSocket({ host, port }, ssl, ended.signal),
      // At its limit a transaction would begin on a connection without having it for itself.
      max_pipeline: Number.POSITIVE_INFINITY,
    },
    ...(name !== null && { database: name }),
    ...(user !== null && { user }),
    ...(password !== null && { password }),
    ssl: false,
    max: connectionLimit,
    connect_timeout: connectTimeout / 1000,
    backoff: () => pauseBetweenTries,
    // Nothing here is sent as an array, and each connection would ask for the types of them.
    fetch_types: false,
    onnotice() {},
    onclose: onClose,
    max_lifetime: null,
    connection: {
      application_name: applicationName,
      TimeZone: 'UTC',
      DateStyle: 'ISO',
      statement_timeout: statementTimeout,
      lock_timeout: lockTimeout,
      idle_in_transaction_session_timeout: idleTimeout,
    },
  });
  // It sets how times and JSON travel, for its own queries and for those that are sent as they are.
  drizzle(client);
  // It would keep for ever what came about after its end.
  const { end } = client;
  client.end = (options) => end(options).finally(() => ended.abort());
  return client;
}
