import { once } from 'node:events';
import { connect, isIP, Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { PostgresDatabase } from '../database.js';

type Server = PostgresDatabase['servers'][number];

/** How long, in ms, a connection may take to come about. */
export const connectTimeout = 5000;

/**
 * Connects, with TLS or without, unless nobody wants it any more. The driver's own TLS cannot
 * be wrapped by `understood`, and the driver notices only failures that a socket emits.
 */
export async function openSocket(
  { host, port }: Server,
  ssl: PostgresDatabase['ssl'],
  unwanted: AbortSignal,
): Promise<Socket> {
  const socket = understood(connect(port, host).setNoDelay(true));
  const late = AbortSignal.timeout(connectTimeout);
  const signal = AbortSignal.any([late, unwanted]);
  try {
    // Not before, for what fails at once fails before the driver listens.
    await once(socket, 'connect', { signal });
    return ssl === 'disable' ? socket : await secured(socket, host, ssl, signal);
  } catch (error) {
    socket.destroy();
    const message = late.aborted ? `${host} does not answer` : (error as Error).message;
    return failing(Object.assign(new Error(message, { cause: error }), { code: 'CONNECT_FAILED' }));
  }
}

/** https://www.postgresql.org/docs/current/protocol-message-formats.html, SSLRequest */
const tlsRequest = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]);

/** https://www.postgresql.org/docs/current/protocol-flow.html, "SSL Session Encryption" */
async function secured(
  socket: Socket,
  host: string,
  ssl: PostgresDatabase['ssl'],
  signal: AbortSignal,
): Promise<Socket> {
  socket.write(tlsRequest);
  const [answer] = (await once(socket, 'data', { signal })) as [Buffer];
  if (answer.equals(refusal) && ssl === 'prefer') return socket;
  // Anything after the one byte was put there by somebody between the two.
  if (!answer.equals(consent)) {
    throw new Error(`${host} does not offer TLS, which sslmode=${ssl} asks for`);
  }
  const secure = connectTls({
    socket,
    // Whose certificate it must be; the extension that names a host knows no addresses.
    host,
    ...(isIP(host) === 0 && { servername: host }),
    rejectUnauthorized: ssl === 'verify-full',
  });
  socket.on('error', (error) => secure.destroy(error));
  await once(secure, 'secureConnect', { signal });
  return understood(secure);
}

const consent = Buffer.from('S');
const refusal = Buffer.from('N');

/**
 * A socket whose end the driver understands. An end that is no error it would answer by connecting
 * anew without a pause, or by sending the rollback of a transaction to a socket that it has let go
 * of, which ends the process. And it asks for answers that are still due when a socket closes only
 * where it is not told that an error was the cause. Nor does it keep a connection for a transaction
 * that it began on a socket that is full.
 */
function understood<Connected extends Socket>(socket: Connected): Connected {
  const write = socket.write.bind(socket) as (...values: unknown[]) => boolean;
  socket.write = (...values: unknown[]) => {
    write(...values);
    return true;
  };
  const emit = socket.emit.bind(socket) as (
    event: string | symbol,
    ...values: unknown[]
  ) => boolean;
  socket.emit = (event: string | symbol, ...values: unknown[]) =>
    event === 'close' ? emit('close', false) : emit(event, ...values);
  socket.once('end', () =>
    socket.destroy(Object.assign(new Error('The server ended it.'), { code: 'ECONNRESET' })),
  );
  return socket;
}

/** A socket that fails as soon as the driver listens to it. */
function failing(error: Error): Socket {
  const socket = understood(new Socket());
  setImmediate(() => socket.destroy(error));
  return socket;
}
