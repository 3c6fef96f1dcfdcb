import { once } from 'node:events';
import {
  createServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
  STATUS_CODES,
} from 'node:http';
import { type AddressInfo, Server as NetServer, type Socket } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import type { Hono } from 'hono';
import { OperationalError, type UnavailableError } from '../errors.js';
import { HttpError, statuses } from './errors.js';
import type { Everyday } from './everyday.js';
import { commonHeaders, send } from './exchange.js';
import type { HttpEnv } from './hono.js';

export type ListenOptions = {
  host: string;
  port: number;
  /** All headers of a request together with its first line, in bytes. */
  headerLimit: number;
  /** How long a request may take to come in, in ms. */
  requestTimeout: number;
  /** How long a connection may wait for its next request, in ms. */
  idleTimeout: number;
  /** Connections that are open at once; one more is closed. */
  connectionLimit: number;
  /** Why a request to the URL, as its first line has it, is refused unread; null if it is not. */
  refusal(url: string): UnavailableError | null;
  /** What the caller is told of an error before any route has seen the request. */
  describe: Describe;
};

/** `path` is where the request went, if that could be read. */
type Describe = (error: HttpError | UnavailableError, path?: string) => Description;
export type Description = { requestId: string; contentType: string; body: string };

/**
 * How long, in ms, a connection may stand still amid a request or its answer: longer than a write waits for
 * the database, and than a request may take to come in, so that one that is late is told so first.
 */
const standstill = (requestTimeout: number) => Math.max(60_000, 2 * requestTimeout);

/** How often, in ms, requests that are late are looked for. */
const timeoutCheckInterval = 1000;

/** How often, in ms, connections that have become idle are closed while the server stops. */
const sweepInterval = 100;

export type Listening = {
  /** Where it listens, as a URL without a path. */
  url: string;
  /**
   * Stops accepting, answers what was begun, and resolves when every connection is closed. Those
   * that are not done after `deadline` ms are cut off.
   */
  close(deadline: number): Promise<void>;
};

/** The address cannot be had; the message says which, and why. */
export class ListenError extends OperationalError {}

/** Serves what is of every day, and the app for all else. Rejects with `ListenError` when the address cannot be had. */
export async function listen(
  { everyday, app }: { everyday: Everyday; app: Hono<HttpEnv> },
  { host, port, refusal, describe, ...limits }: ListenOptions,
): Promise<Listening> {
  const answer = getRequestListener(app.fetch, {
    // What the app throws is answered by the app; here only what is no request for it ends up.
    errorHandler() {
      const { requestId, contentType, body } = describe(malformed);
      return new Response(body, {
        status: statuses[malformed.code],
        headers: { 'Content-Type': contentType, ...commonHeaders(requestId) },
      });
    },
  });
  const server = createServer(
    {
      maxHeaderSize: limits.headerLimit,
      // Node itself would answer with nothing but the status.
      requireHostHeader: false,
      requestTimeout: limits.requestTimeout,
      headersTimeout: limits.requestTimeout,
      keepAliveTimeout: limits.idleTimeout,
      connectionsCheckingInterval: Math.min(limits.requestTimeout, timeoutCheckInterval),
    },
    (incoming: IncomingMessage, outgoing: ServerResponse) => {
      if (!begin(incoming.socket, outgoing)) return;
      const { url = '' } = incoming;
      const refused = refusal(url);
      if (refused) refuse(outgoing, refused, describe(refused, url));
      else if (!everyday(incoming, outgoing)) answer(incoming, outgoing);
    },
  ) as Server;
  server.timeout = standstill(limits.requestTimeout);
  server.maxConnections = limits.connectionLimit;
  // Node itself would answer with nothing but 417, which RFC 9110, 10.1.1 leaves to the server.
  server.on('checkExpectation', (incoming, outgoing) => server.emit('request', incoming, outgoing));
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket & Answering) => {
    // What was already said of another answer on this connection cannot be taken back.
    const { _httpMessage: begun } = socket;
    if (error.code === 'ECONNRESET' || !socket.writable || begun?.headersSent) socket.destroy();
    else refuseConnection(socket, toHttpError(error, limits), describe);
  });

  let closing = false;
  // Node's own way to close idle connections cuts off what is answered but not yet sent, and leaves
  // those on which nothing was asked.
  const connections = new Map<Socket, { asked: number; ending: boolean }>();
  server.on('connection', (socket: Socket) => {
    connections.set(socket, { asked: 0, ending: false });
    socket.once('close', () => connections.delete(socket));
  });
  /**
   * Takes down that a request is to be answered. False for one that comes after what its connection
   * was told is the last (RFC 9112, 9.6): it could be done but no more be answered.
   */
  function begin(socket: Socket, response: ServerResponse): boolean {
    const connection = connections.get(socket);
    if (!connection || connection.ending) return false;
    connection.asked++;
    response.once('close', () => connection.asked--);
    if (closing) {
      connection.ending = true;
      response.setHeader('Connection', 'close');
    }
    return true;
  }
  const closeIdle = () => {
    for (const [socket, { asked }] of connections) {
      if (asked > 0) continue;
      // Told once: it waits by itself until what was answered is sent.
      connections.delete(socket);
      socket.destroySoon();
    }
  };

  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ListenError(
      `Cannot serve on HOST ${host}, PORT ${port}: ${reason}. Is the port free, and HOST an address of this machine? ` +
        `For another port: PORT=${port + 1} npm start`,
      {
        cause: error,
      },
    );
  }
  const address = server.address() as AddressInfo;

  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${address.port}`,
    async close(deadline) {
      closing = true;
      const closed = once(server, 'close');
      // Not http.Server's close, which would close idle connections its own way.
      NetServer.prototype.close.call(server);
      // What was sent before the stop may be still on its way in, so idle ones stay a moment; each
      // other becomes idle with its last answer.
      const sweep = setInterval(closeIdle, sweepInterval);
      const cutOff = setTimeout(() => server.closeAllConnections(), deadline);
      await closed;
      clearInterval(sweep);
      clearTimeout(cutOff);
    },
  };
}

const malformed = new HttpError('BAD_REQUEST', 'The request is not well-formed HTTP/1.1.');

/** Where Node keeps the answer that a connection is busy with. */
type Answering = { _httpMessage?: { headersSent: boolean } | null };

function toHttpError(
  { code }: NodeJS.ErrnoException,
  { headerLimit, requestTimeout }: Pick<ListenOptions, 'headerLimit' | 'requestTimeout'>,
): HttpError {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return new HttpError(
        'HEADERS_TOO_LARGE',
        `The first line and the headers may have at most ${headerLimit} bytes.`,
      );
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return new HttpError(
        'REQUEST_TIMEOUT',
        `The request took longer than ${requestTimeout / 1000} s to come in.`,
      );
    default:
      return malformed;
  }
}

function refuse(
  outgoing: ServerResponse,
  error: UnavailableError,
  { requestId, contentType, body }: Description,
): void {
  const headers = { 'Retry-After': String(error.retryAfter), 'Content-Type': contentType };
  send(outgoing, requestId, { status: statuses[error.code], headers, body });
}

/** Answers past Node's own HTTP, which has given the request up. */
function refuseConnection(socket: Socket, error: HttpError, describe: Describe): void {
  const status = statuses[error.code];
  const { requestId, contentType, body } = describe(error);
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    ...Object.entries(commonHeaders(requestId)).map(([name, value]) => `${name}: ${value}`),
    `Content-Type: ${contentType}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
  socket.destroySoon();
}
