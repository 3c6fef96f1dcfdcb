import { requireReader } from '../access/viewer.js';
import type { Admission } from '../http/admission.js';
import type { BodyLimits } from '../http/body.js';
import type { MakeContext, RequestContext } from '../http/context.js';
import type { Reply } from '../http/exchange.js';
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
  /** Answers what `work` throws as well. A request without a token is refused before its body is read. */
  const answered =
    (work: (context: RequestContext, id: string) => Promise<Reply>): Route['answer'] =>
    async (exchange, id) => {
      try {
        const context = await makeContext(exchange);
        requireReader(context.viewer);
        return await work(context, id);
      } catch (error) {
        return problemReply(exchange, error);
      }
    };
  const plain = (handler: (call: Call) => Promise<Reply>) =>
    answered((context, id) => admission.during(() => handler({ context, id })));
  const withBody = (handler: (call: BodyCall) => Promise<Reply>) =>
    answered(async (context, id) => {
      const body = await readBody(context.exchange, limits);
      return admission.during(() => handler({ context, id, body }));
    });

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
