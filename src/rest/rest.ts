import { type Context, Hono } from 'hono';
import { etag } from 'hono/etag';
import { createMiddleware } from 'hono/factory';
import { mayRead } from '../access/viewer.js';
import type { Admission } from '../http/admission.js';
import type { BodyLimits } from '../http/body.js';
import { type HttpEnv, header, type MakeContext, type RequestContext } from '../http/context.js';
import { type Body, readBody } from './body.js';
import * as corporations from './corporations.js';
import * as customers from './customers.js';

/**
 * Answers 304 where `If-None-Match` (RFC 9110, 13.1.2) asks for it. Where nothing does, the reply
 * need not be looked into.
 */
const conditional = createMiddleware<HttpEnv>(async (c, next) => {
  if (header(c, 'if-none-match') === undefined) await next();
  else await ifNoneMatch(c, next);
});
const ifNoneMatch = etag();

type Handler = (c: Context<HttpEnv>, context: RequestContext) => Promise<Response>;
type BodyHandler = (c: Context<HttpEnv>, context: RequestContext, body: Body) => Promise<Response>;

/**
 * The REST face: `POST /customers` and its siblings, as clients of the reference know them. What
 * its handlers throw is for `problemReply`.
 */
export function createRest(
  makeContext: MakeContext,
  admission: Admission,
  limits: BodyLimits,
): Hono<HttpEnv> {
  /** A request without a token is refused before its body is read. */
  async function contextOf(c: Context<HttpEnv>): Promise<RequestContext> {
    const context = await makeContext(c);
    mayRead(context.viewer);
    return context;
  }
  const plain = (handler: Handler) => async (c: Context<HttpEnv>) => {
    const context = await contextOf(c);
    return admission.during(() => handler(c, context));
  };
  const withBody = (handler: BodyHandler) => async (c: Context<HttpEnv>) => {
    const context = await contextOf(c);
    const body = await readBody(c, limits);
    return admission.during(() => handler(c, context, body));
  };

  return new Hono<HttpEnv>({ strict: false })
    .post('/customers', withBody(customers.create))
    .get('/customers', plain(customers.list))
    .put('/customers', withBody(customers.upsert))
    .post('/customers/bulk', withBody(customers.createMany))
    .get('/customers/:id', conditional, plain(customers.read))
    .on(['POST', 'PATCH'], '/customers/:id', withBody(customers.update))
    .delete('/customers/:id', plain(customers.remove))
    .post('/corporations', withBody(corporations.create))
    .get('/corporations', plain(corporations.list))
    .get('/corporations/:id', plain(corporations.read));
}
