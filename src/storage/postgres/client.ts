import { Socket } from 'node:net';
import { drizzle } from 'drizzle-orm/postgres-js';
import postgres, { type Sql } from 'postgres';
import type { PostgresDatabase } from '../database.js';

/** How long, in s, a connection may take to come about. */
const connectTimeout = 5;

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
  const client = postgres({
    // As lists, which its types do not know: it would break a single one at the colons of IPv6.
    host: [host] as never,
    port: [port] as never,
    ...{ socket: () => openSocket(host, port) },
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
  return client;
}

function openSocket(host: string, port: number): Socket {
  const socket = new DatabaseSocket(host);
  socket.setNoDelay(true);
  socket.once('end', () =>
    socket.destroy(Object.assign(new Error('The server ended it.'), { code: 'ECONNRESET' })),
  );
  return socket.connect(port, host);
}

/**
 * A connection whose end the driver understands. What ends it before it is ready, as a proxy does
 * that has no server behind it, is an error like any other here; the driver would connect anew
 * without a pause. And it asks for answers that are still due when a connection closes only where
 * it is not told that an error was the cause; it would leave those alone that were sent after that.
 */
class DatabaseSocket extends Socket {
  /** `host` is whose certificate the driver asks for. */
  constructor(readonly host: string) {
    super();
  }

  override emit(event: string | symbol, ...values: unknown[]): boolean {
    return event === 'close' ? super.emit('close', false) : super.emit(event as never, ...values);
  }
}
