import type { HttpBindings } from '@hono/node-server';
import type { Context, MiddlewareHandler } from 'hono';
import { etag } from 'hono/etag';
import { routePath } from 'hono/route';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { commonHeaders, type Exchange, type Exchanges, type Reply } from './exchange.js';
import type { Route } from './route.js';

/** What travels with a request through Hono. */
export type HttpEnv = { Bindings: HttpBindings; Variables: { exchange: Exchange } };

/** Makes the exchange of each request, and ends it when it is answered. */
export function exchanged(exchanges: Exchanges): MiddlewareHandler<HttpEnv> {
  return async (c, next) => {
    const { incoming, outgoing } = c.env;
    const exchange = exchanges.begin(incoming, outgoing);
    for (const [name, value] of Object.entries(commonHeaders(exchange.requestId))) {
      outgoing.setHeader(name, value);
    }
    c.set('exchange', exchange);
    await next();
    exchange.route ??= routePath(c, -1);
    await exchanges.end(exchange, c.res.status);
  };
}

/** The handlers of a route. */
export function hosted({ path, answer, conditional }: Route): MiddlewareHandler<HttpEnv>[] {
  const handler: MiddlewareHandler<HttpEnv> = async (c) => {
    const exchange = c.get('exchange');
    exchange.route = path;
    return toResponse(c, await answer(exchange, c.req.param('id') ?? ''));
  };
  return conditional ? [ifNoneMatch, handler] : [handler];
}

export function toResponse(c: Context<HttpEnv>, { status, headers, body }: Reply): Response {
  return body === null
    ? c.body(null, status, headers)
    : c.body(body, status as ContentfulStatusCode, headers);
}

const compareTags = etag();

/** Where nothing asks for it, the reply need not be looked into. */
const ifNoneMatch: MiddlewareHandler<HttpEnv> = async (c, next) => {
  const asked = c.get('exchange').header('if-none-match') !== undefined;
  await (asked ? compareTags(c, next) : next());
};
