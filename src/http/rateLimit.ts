import type { ServerResponse } from 'node:http';
import type { RateLimiterRes } from 'rate-limiter-flexible';
import RateLimiterMemory from 'rate-limiter-flexible/lib/RateLimiterMemory.js';
import { HttpError } from './errors.js';

/** How long requests are counted together, in s. */
const window = 60;

/** Counts a request of `sender`, and tells it in the headers how many are left. */
export type CountRequest = (sender: string, outgoing: ServerResponse) => Promise<void>;

/**
 * Lets each sender make `limit` requests a minute; null for any number. The headers are those
 * of https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers. Throws `RATE_LIMITED`.
 */
export function createRateLimiter(limit: number | null): CountRequest | null {
  if (limit === null) return null;

  const limiter = new RateLimiterMemory({ points: limit, duration: window });
  const policy = `"requests";q=${limit};w=${window}`;

  return async (sender, outgoing) => {
    // One that is over the limit is told by a rejection.
    const counted = await limiter
      .consume(sender)
      .catch((refused: RateLimiterRes | Error) => refused);
    if (counted instanceof Error) throw counted;
    const seconds = Math.ceil(counted.msBeforeNext / 1000);
    outgoing.setHeader('RateLimit-Policy', policy);
    outgoing.setHeader('RateLimit', `"requests";r=${counted.remainingPoints};t=${seconds}`);
    if (counted.consumedPoints > limit) {
      throw new HttpError(
        'RATE_LIMITED',
        `More than ${limit} requests in a minute. Try again in ${seconds} s.`,
        { 'Retry-After': String(seconds) },
      );
    }
  };
}
