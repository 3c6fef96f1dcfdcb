import { drizzle } from 'drizzle-orm/postgres-js';
import postgres, { type Sql } from 'postgres';
import type { PostgresDatabase } from '../database.js';

/** How long, in s, a connection may take to come about. */
const connectTimeout = 5;

/** How long, in ms, a statement may take: longer than any should, and not for ever. */
const statementTimeout = 30_000;

/** A transaction that waits for this process as long, in ms, lost it. */
const idleTimeout = 10_000;

/** Between two tries to connect, in s; requests that cannot wait are refused meanwhile. */
const pauseBetweenTries = 0.1;

/** A pool of connections to one server. They are opened when they are needed. */
export function createClient(
  { name, user, password, ssl, connectionLimit, applicationName }: PostgresDatabase,
  { host, port }: PostgresDatabase['servers'][number],
): Sql {
  const client = postgres({
    // As lists, which its types do not know: it would break a single one at the colons of IPv6.
    host: [host] as never,
    port: [port] as never,
    ...(name !== null && { database: name }),
    ...(user !== null && { user }),
    ...(password !== null && { password }),
    ssl: ssl === 'disable' ? false : ssl,
    max: connectionLimit,
    connect_timeout: connectTimeout,
    backoff: () => pauseBetweenTries,
    // Nothing here is sent as an array, and each connection would ask for the types of them.
    fetch_types: false,
    onnotice() {},
    connection: {
      application_name: applicationName,
      TimeZone: 'UTC',
      DateStyle: 'ISO',
      statement_timeout: statementTimeout,
      idle_in_transaction_session_timeout: idleTimeout,
    },
  });
  // It sets how times and JSON travel, for its own queries and for those that are sent as they are.
  drizzle(client);
  return client;
}
