import type { Viewer } from '../access/viewer.js';
import type { Services } from '../services.js';
import type { Exchange } from './exchange.js';
import { createRateLimiter } from './rateLimit.js';

/** What a face needs to answer a request; made once for each. */
export type RequestContext = Pick<Services, 'customers' | 'corporations'> & {
  viewer: Viewer | null;
  exchange: Exchange;
};

export type MakeContext = (exchange: Exchange) => Promise<RequestContext>;

/**
 * Makes the context of each request. What it returns throws `RATE_LIMITED` when the sender made too
 * many, and `UnauthenticatedError` for a token that is not good, so each face calls it inside its own
 * error handling.
 */
export function createContextMaker(
  services: Services,
  limits: { rateLimit: number | null },
): MakeContext {
  const { access, customers, corporations } = services;
  const count = createRateLimiter(limits.rateLimit);

  return async (exchange) => {
    const { outgoing } = exchange;
    let viewer: Viewer | null;
    try {
      viewer = await access.authenticate(exchange.header('authorization'));
    } catch (error) {
      await count?.(addressOf(exchange), outgoing);
      throw error;
    }
    await count?.(viewer?.tokenId ?? addressOf(exchange), outgoing);
    return { customers, corporations, viewer, exchange };
  };
}

/** Who sent a request without a good token, as far as can be told. */
function addressOf({ incoming }: Exchange): string {
  return incoming.socket.remoteAddress ?? '';
}
