import { Hono } from 'hono';
import { UnavailableError } from '../errors.js';
import type { HttpEnv } from './context.js';

/**
 * `/healthz`: the process runs. `/readyz`: it can do its work; 503 while it cannot, so that a load
 * balancer looks elsewhere. `ready` rejects when it cannot.
 */
export function health(ready: () => Promise<void>): Hono<HttpEnv> {
  return new Hono<HttpEnv>({ strict: false })
    .get('/healthz', (c) => c.json({ status: 'ok' }))
    .get('/readyz', async (c) => {
      try {
        await ready();
        return c.json({ status: 'ready' });
      } catch (error) {
        c.get('log').warn({ err: error }, 'not ready');
        const reason = error instanceof UnavailableError ? error.message : 'The check failed.';
        return c.json({ status: 'unavailable', reason }, 503, { 'Retry-After': '1' });
      }
    });
}
