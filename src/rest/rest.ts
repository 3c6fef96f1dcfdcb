import { Hono } from 'hono';
import { every } from 'hono/combine';
import { etag } from 'hono/etag';
import { createMiddleware } from 'hono/factory';
import { mayRead } from '../access/viewer.js';
import { limitBody } from '../http/body.js';
import { type HttpEnv, withContext } from '../http/context.js';
import type { Services } from '../services.js';
import * as corporations from './corporations.js';
import * as customers from './customers.js';
import { problemReply } from './problem.js';

export type RestOptions = {
  /** The largest body that is read, in bytes. */
  bodyLimit: number;
};

/** The REST face: `POST /customers` and its siblings, as clients of the reference know them. */
export function createRest(services: Services, options: RestOptions): Hono<HttpEnv> {
  const context = every(withContext(services), needsToken);
  const body = limitBody(options.bodyLimit);

  return new Hono<HttpEnv>({ strict: false })
    .onError((error, c) => problemReply(c, error))
    .post('/customers', context, body, customers.create)
    .get('/customers', context, customers.list)
    .put('/customers', context, body, customers.upsert)
    .post('/customers/bulk', context, body, customers.createMany)
    .get('/customers/:id', context, etag(), customers.read)
    .on(['POST', 'PATCH'], '/customers/:id', context, body, customers.update)
    .delete('/customers/:id', context, customers.remove)
    .post('/corporations', context, body, corporations.create)
    .get('/corporations', context, corporations.list)
    .get('/corporations/:id', context, corporations.read);
}

/** Refuses a request without a token before its body is read. */
const needsToken = createMiddleware<HttpEnv>(async (c, next) => {
  mayRead(c.get('context').viewer);
  await next();
});
