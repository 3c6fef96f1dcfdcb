import { createMiddleware } from 'hono/factory';
import type { Logger } from 'pino';
import type { Viewer } from '../access/viewer.js';
import type { Services } from '../services.js';

/** What a face knows of the request it answers; made once for each. */
export type RequestContext = Services & {
  viewer: Viewer | null;
  requestId: string;
  log: Logger;
};

/** What travels with a request through Hono. `operation` is for the log. */
export type HttpEnv = {
  Variables: {
    requestId: string;
    log: Logger;
    operation: string | undefined;
    context: RequestContext;
  };
};

/**
 * Makes the request's context. Throws `UnauthenticatedError` for a token that is not good, so each
 * face puts it inside its own error handling.
 */
export function withContext(services: Services) {
  return createMiddleware<HttpEnv>(async (c, next) => {
    const viewer = await services.access.authenticate(c.req.header('authorization'));
    c.set('context', {
      ...services,
      viewer,
      requestId: c.get('requestId'),
      log: c.get('log'),
    });
    await next();
  });
}
