import { Hono } from 'hono';
import type { HttpEnv } from './hono.js';

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
        const exchange = c.get('exchange');
        exchange.log().error({ err: error }, 'not ready');
        exchange.code = 'UNAVAILABLE';
        return c.json({ status: 'unavailable' }, 503, { 'Retry-After': '1' });
      }
    });
}
