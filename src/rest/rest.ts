import { mayRead } from '../access/viewer.js';
import type { Admission } from '../http/admission.js';
import type { BodyLimits } from '../http/body.js';
import type { MakeContext, RequestContext } from '../http/context.js';
import type { Exchange, Reply } from '../http/exchange.js';
import type { Route } from '../http/route.js';
import { readBody } from './body.js';
import type { BodyCall, Call } from './call.js';
import * as corporations from './corporations.js';
import * as customers from './customers.js';
import { problemReply } from './problem.js';

/** The REST face: `POST /customers` and its siblings, as clients of the reference know them. */
export function createRest(
  makeContext: MakeContext,
  admission: Admission,
  limits: BodyLimits,
): Route[] {
  /** A request without a token is refused before its body is read. */
  async function contextOf(exchange: Exchange): Promise<RequestContext> {
    const context = await makeContext(exchange);
    mayRead(context.viewer);
    return context;
  }
  const plain =
    (handler: (call: Call) => Promise<Reply>): Route['answer'] =>
    async (exchange, id) => {
      try {
        const context = await contextOf(exchange);
        return await admission.during(() => handler({ context, id }));
      } catch (error) {
        return problemReply(exchange, error);
      }
    };
  const withBody =
    (handler: (call: BodyCall) => Promise<Reply>): Route['answer'] =>
    async (exchange, id) => {
      try {
        const context = await contextOf(exchange);
        const body = await readBody(exchange, limits);
        return await admission.during(() => handler({ context, id, body }));
      } catch (error) {
        return problemReply(exchange, error);
      }
    };

  return [
    { method: 'POST', path: '/customers', answer: withBody(customers.create) },
    { method: 'GET', path: '/customers', answer: plain(customers.list) },
    { method: 'PUT', path: '/customers', answer: withBody(customers.upsert) },
    { method: 'POST', path: '/customers/bulk', answer: withBody(customers.createMany) },
    { method: 'GET', path: '/customers/:id', conditional: true, answer: plain(customers.read) },
    { method: 'POST', path: '/customers/:id', answer: withBody(customers.update) },
    { method: 'PATCH', path: '/customers/:id', answer: withBody(customers.update) },
    { method: 'DELETE', path: '/customers/:id', answer: plain(customers.remove) },
    { method: 'POST', path: '/corporations', answer: withBody(corporations.create) },
    { method: 'GET', path: '/corporations', answer: plain(corporations.list) },
    { method: 'GET', path: '/corporations/:id', answer: plain(corporations.read) },
  ];
}
