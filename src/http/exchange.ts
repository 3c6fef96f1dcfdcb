import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { Logger } from 'pino';
import type { ReportRequest } from './log.js';
import { createTurns, type Turn } from './turn.js';

/** One request on its way to an answer, as the faces know it; made once for each. */
export class Exchange {
  /** For its report, as those below: the path of the route that answers it. */
  route: string | undefined = undefined;
  /** See `RequestReport`. */
  operation: string | undefined = undefined;
  /** A face sets it where the status does not tell the error. */
  code: string | undefined = undefined;

  constructor(
    readonly incoming: IncomingMessage,
    readonly outgoing: ServerResponse,
    readonly requestId: string,
    /** When its head was in, by `performance.now`. */
    readonly startedAt: number,
    /** The turn of the event loop in which it was. */
    readonly turn: Turn,
    private readonly rootLog: Logger,
  ) {}

  /** A header of the request by its name in lower case. */
  header(name: string): string | undefined {
    // Of all headers only Set-Cookie, which no request has, comes as a list.
    return this.incoming.headers[name] as string | undefined;
  }

  /** The log under the id of the request. Few requests log anything beside their own line. */
  log(): Logger {
    return this.rootLog.child({ requestId: this.requestId });
  }
}

/** An answer of a face, but for the headers that every answer has. */
export type Reply = {
  status: ContentfulStatusCode | 204;
  headers: Record<string, string>;
  body: string | null;
};

/**
 * The headers that every answer has: it is for the one who asked, so that unless a route says otherwise
 * nobody keeps it, and it is taken for nothing but what it says it is.
 */
export function commonHeaders(requestId: string): Record<string, string> {
  return {
    'X-Request-Id': requestId,
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
  };
}

/**
 * A longer text, in characters, is encoded before it is sent: Node puts it behind the head of the answer
 * first, and to copy so much once more takes a tenth of the time of a bulk call.
 */
const longBody = 16_384;

/** Sends an answer whole, straight through Node's response. */
export function send(
  outgoing: ServerResponse,
  requestId: string,
  { status, headers, body }: Reply,
): void {
  // Spread into a literal they would take a fiftieth of the time of a create.
  const all = Object.assign(commonHeaders(requestId), headers);
  const bytes = body !== null && body.length > longBody ? Buffer.from(body) : body;
  if (bytes !== null) all['Content-Length'] = String(Buffer.byteLength(bytes));
  outgoing.writeHead(status, all);
  outgoing.end(bytes);
}

/**
 * What a caller may give as the id of its request; anything else is replaced. As Hono's own
 * middleware has it, which would make a `Headers` for each request and one for each reply.
 */
const requestIdPattern = /^[\w\-=]{1,255}$/;

export type Exchanges = ReturnType<typeof createExchanges>;

/** Begins and ends each exchange, whatever is between. */
export function createExchanges(log: Logger, report: ReportRequest) {
  const turns = createTurns();

  return {
    begin(incoming: IncomingMessage, outgoing: ServerResponse): Exchange {
      const given = incoming.headers['x-request-id'];
      const requestId =
        typeof given === 'string' && requestIdPattern.test(given) ? given : randomUUID();
      return new Exchange(incoming, outgoing, requestId, performance.now(), turns.current(), log);
    },

    /**
     * Reports an exchange whose answer is made. Resolves when that is to be sent: at the end of the turn
     * of the event loop in which it came in, if it is not over.
     */
    async end(exchange: Exchange, status: number): Promise<void> {
      const { requestId, incoming, route = '', operation, code, startedAt, turn } = exchange;
      report({
        requestId,
        method: incoming.method ?? '',
        route,
        status,
        operation,
        code,
        durationMs: Math.round((performance.now() - startedAt) * 1000) / 1000,
      });
      if (!turn.isOver) await turn.over;
    },

    /** Lets go of the answers that wait for the end of the turn, and holds none until then. */
    flush: turns.end,
  };
}
