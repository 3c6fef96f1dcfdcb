import { randomUUID } from 'node:crypto';
import { createMiddleware } from 'hono/factory';
import { routePath } from 'hono/route';
import type { Logger } from 'pino';
import type { HttpEnv } from './context.js';

/**
 * What a caller may give as the id of its request; anything else is replaced. As Hono's own
 * middleware has it, which would make a `Headers` for each request and one for each reply.
 */
const requestIdPattern = /^[\w\-=]{1,255}$/;

/**
 * Gives each request an id, in `X-Request-Id`, and logs one line for it: what was asked and how it
 * went, and never what was in it.
 */
export function logRequests(log: Logger) {
  return createMiddleware<HttpEnv>(async (c, next) => {
    const startedAt = performance.now();
    const { incoming, outgoing } = c.env;
    const given = incoming.headers['x-request-id'];
    const requestId =
      typeof given === 'string' && requestIdPattern.test(given) ? given : randomUUID();
    outgoing.setHeader('X-Request-Id', requestId);
    c.set('requestId', requestId);
    c.set('log', log);
    await next();
    const { status } = c.res;
    log[status >= 500 ? 'error' : 'info'](
      {
        requestId,
        method: c.req.method,
        // The pattern, since the path itself may hold what a customer is known by.
        route: routePath(c, -1),
        status,
        operation: c.get('operation'),
        durationMs: Math.round((performance.now() - startedAt) * 1000) / 1000,
      },
      'request',
    );
  });
}
