import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { HttpEnv } from './context.js';
import type { Exchange, Reply } from './exchange.js';

/** What answers a method at a path, whoever takes the request in. */
export type Route = {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** As Hono has it; all that may vary is an `:id` at its end. */
  path: string;
  /** `id` is what the path has in the place of `:id`. Does not reject: errors are answered as well. */
  answer(exchange: Exchange, id: string): Promise<Reply>;
};

/** The route as a handler of Hono. */
export function hosted({ answer }: Route) {
  return async (c: Context<HttpEnv>): Promise<Response> =>
    toResponse(c, await answer(c.get('exchange'), c.req.param('id') ?? ''));
}

export function toResponse(c: Context<HttpEnv>, { status, headers, body }: Reply): Response {
  return body === null
    ? c.body(null, status, headers)
    : c.body(body, status as ContentfulStatusCode, headers);
}
