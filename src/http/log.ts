import { randomUUID } from 'node:crypto';
import { createMiddleware } from 'hono/factory';
import { routePath } from 'hono/route';
import type { Logger } from 'pino';
import type { HttpEnv } from './context.js';
import { createTurns } from './turn.js';

/** What was asked and how it went, and nothing of what was in it: every value is one of ours. */
export type RequestReport = {
  requestId: string;
  /** Not known of a request that was refused unread, nor is `route`. */
  method?: string;
  /** The pattern, since the path itself may hold what a customer is known by. */
  route?: string;
  status: number;
  /** The field of the schema that a GraphQL request asked for; see `nameOf` in graphql/operation.ts. */
  operation?: string | undefined;
  /** Which error it was answered with; undefined for none. */
  code?: string | undefined;
  /** From when its head was in until its answer was made, in ms; not known if it was refused unread. */
  durationMs?: number;
};

export type ReportRequest = (report: RequestReport) => void;

/** How often, in ms, those refused for overload are logged. */
const overloadInterval = 1000;

/**
 * Logs one line for each request; those refused unread because there is too much to do have one
 * together each second, with their number, for a line of their own takes longer than the refusal.
 */
export function logRequest(log: Logger): ReportRequest {
  let refused = 0;
  const logRefused = () => {
    log.warn({ refused, code: 'UNAVAILABLE' }, 'overloaded');
    refused = 0;
  };
  return (report) => {
    if (report.method === undefined && report.code === 'UNAVAILABLE') {
      if (refused++ === 0) setTimeout(logRefused, overloadInterval).unref();
      return;
    }
    log[report.status >= 500 ? 'error' : 'info'](report, 'request');
  };
}

/**
 * What a caller may give as the id of its request; anything else is replaced. As Hono's own
 * middleware has it, which would make a `Headers` for each request and one for each reply.
 */
const requestIdPattern = /^[\w\-=]{1,255}$/;

/**
 * Gives each request an id, in `X-Request-Id`, and reports it when its answer is made; that is sent at
 * the end of the turn of the event loop, if it is not over. Its reply is for the one who asked: unless a
 * route says otherwise nobody keeps it, and it is taken for nothing but what it says it is.
 */
export function reportRequests(log: Logger, report: ReportRequest) {
  const currentTurn = createTurns();
  return createMiddleware<HttpEnv>(async (c, next) => {
    const startedAt = performance.now();
    const turn = currentTurn();
    const { incoming, outgoing } = c.env;
    const given = incoming.headers['x-request-id'];
    const requestId =
      typeof given === 'string' && requestIdPattern.test(given) ? given : randomUUID();
    outgoing.setHeader('X-Request-Id', requestId);
    outgoing.setHeader('Cache-Control', 'no-store');
    outgoing.setHeader('X-Content-Type-Options', 'nosniff');
    c.set('requestId', requestId);
    c.set('log', log);
    await next();
    report({
      requestId,
      method: c.req.method,
      route: routePath(c, -1),
      status: c.res.status,
      operation: c.get('operation'),
      code: c.get('code'),
      durationMs: Math.round((performance.now() - startedAt) * 1000) / 1000,
    });
    if (!turn.isOver) await turn.over;
  });
}
