import { type Context, Hono } from 'hono';
import { every } from 'hono/combine';
import { createMiddleware } from 'hono/factory';
import { mayRead } from '../access/viewer.js';
import { NotFoundError } from '../errors.js';
import { limitBody } from '../http/body.js';
import { type HttpEnv, withContext } from '../http/context.js';
import type { Services } from '../services.js';
import { readBody } from './body.js';
import { problemReply } from './problem.js';
import { customerReply, toWireCorporation } from './wire.js';

export type RestOptions = {
  /** The largest body that is read, in bytes. */
  bodyLimit: number;
};

/** The REST face: `POST /customers` and its siblings, as clients of the reference know them. */
export function createRest(services: Services, options: RestOptions): Hono<HttpEnv> {
  const context = every(withContext(services), needsToken);
  const limit = limitBody(options.bodyLimit);

  return new Hono<HttpEnv>({ strict: false })
    .onError((error, c) => problemReply(c, error))
    .post('/customers', context, limit, async (c) => {
      const { customers, viewer } = c.get('context');
      const { customer, replayed } = await customers.create(viewer, await readArguments(c));
      return c.json(customerReply(customer, 'Successfully created customer.'), 201, {
        Location: `/customers/${encodeURIComponent(customer.id)}`,
        ...replayHeader(replayed),
      });
    })
    .get('/customers/:id', context, async (c) => {
      const { customers, viewer } = c.get('context');
      const customer = await customers.byId(viewer, c.req.param('id'));
      if (!customer) throw new NotFoundError('There is no such customer.');
      return c.json(customerReply(customer, 'Successfully fetched customer.'));
    })
    .post('/corporations', context, limit, async (c) => {
      const { corporations, viewer } = c.get('context');
      const { corporation, replayed } = await corporations.create(viewer, await readArguments(c));
      return c.json(
        { data: toWireCorporation(corporation), message: 'Successfully created corporation.' },
        201,
        {
          Location: `/corporations/${encodeURIComponent(corporation.id)}`,
          ...replayHeader(replayed),
        },
      );
    })
    .get('/corporations/:id', context, async (c) => {
      const { corporations, viewer } = c.get('context');
      const corporation = await corporations.byId(viewer, c.req.param('id'));
      if (!corporation) throw new NotFoundError('There is no such corporation.');
      return c.json({
        data: toWireCorporation(corporation),
        message: 'Successfully fetched corporation.',
      });
    });
}

/** Refuses a request without a token before its body is read. */
const needsToken = createMiddleware<HttpEnv>(async (c, next) => {
  mayRead(c.get('context').viewer);
  await next();
});

/** What a verb of the service takes: the body, and the key that makes the call safe to repeat. */
async function readArguments(c: Context<HttpEnv>) {
  const header = c.req.header('idempotency-key');
  // The draft spells the key as a quoted string (RFC 8941), most clients leave the quotes out.
  const idempotencyKey = header?.replace(/^"(.*)"$/, '$1');
  return { input: await readBody(c), idempotencyKey };
}

function replayHeader(replayed: boolean): Record<string, string> {
  return replayed ? { 'Idempotent-Replayed': 'true' } : {};
}
