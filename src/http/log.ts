import { createMiddleware } from 'hono/factory';
import { routePath } from 'hono/route';
import type { Logger } from 'pino';
import type { HttpEnv } from './context.js';

/** One line for each request: what was asked and how it went, and never what was in it. */
export function logRequests(log: Logger) {
  return createMiddleware<HttpEnv>(async (c, next) => {
    const startedAt = performance.now();
    c.set('log', log.child({ requestId: c.get('requestId') }));
    await next();
    const { status } = c.res;
    c.get('log')[status >= 500 ? 'error' : 'info'](
      {
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
