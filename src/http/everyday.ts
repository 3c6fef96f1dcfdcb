import type { IncomingMessage, ServerResponse } from 'node:http';
import { drain } from './body.js';
import { type Exchange, type Exchanges, send } from './exchange.js';
import type { Route } from './route.js';

/** Answers the request and returns true, or leaves it alone and returns false. */
export type Everyday = (incoming: IncomingMessage, outgoing: ServerResponse) => boolean;

/** A host without anything that would have to be looked into. */
const plainHost = /^[\w.-]+(?::\d+)?$/;

/** An id that stands in the path as it is. */
const plainId = /^[\w-]+$/;

/**
 * Answers what programs ask every day, straight from Node's request to its response: building a
 * request, a context and a response of the Fetch API takes a sixth of the time of a create. Whatever is out of
 * the ordinary is for Hono: pages, browsers of other origins, conditional reads, other spellings of
 * a path, and what is not there.
 */
export function createEveryday(exchanges: Exchanges, routes: readonly Route[]): Everyday {
  const exact = new Map<string, Route>();
  const byParent = new Map<string, Route>();
  for (const route of routes) {
    const [parent = '', id] = route.path.split(':');
    (id === undefined ? exact : byParent).set(`${route.method} ${parent}`, route);
  }

  async function answer(
    route: Route,
    id: string,
    incoming: IncomingMessage,
    outgoing: ServerResponse,
  ): Promise<void> {
    const exchange = exchanges.begin(incoming, outgoing);
    exchange.route = route.path;
    try {
      const reply = await route.answer(exchange, id);
      await exchanges.end(exchange, reply.status);
      send(outgoing, exchange.requestId, reply);
      if (!incoming.complete) await letGo(exchange);
    } catch (error) {
      // Errors are answers too, so that only what answers can have failed.
      exchange.log().error({ err: error }, 'request failed');
      outgoing.destroy();
    }
  }

  return (incoming, outgoing) => {
    const { method, url = '', headers } = incoming;
    if (headers.origin !== undefined || !plainHost.test(headers.host ?? '')) return false;
    if (method === 'GET' && headers['if-none-match'] !== undefined) return false;

    const [path = ''] = url.split('?', 1);
    const named = exact.get(`${method} ${path}`);
    const idAt = named ? path.length : path.lastIndexOf('/') + 1;
    const id = path.slice(idAt);
    const route = named ?? (plainId.test(id) && byParent.get(`${method} ${path.slice(0, idAt)}`));
    if (!route) return false;
    answer(route, id, incoming, outgoing);
    return true;
  };
}

/** Takes in for a moment what is still to come of a request that was answered, and then nothing more. */
async function letGo(exchange: Exchange): Promise<void> {
  await drain(exchange);
  if (!exchange.incoming.complete) exchange.incoming.socket.destroySoon();
}
