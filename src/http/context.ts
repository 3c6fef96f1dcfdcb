import type { HttpBindings } from '@hono/node-server';
import type { Context } from 'hono';
import type { Logger } from 'pino';
import type { Viewer } from '../access/viewer.js';
import type { Services } from '../services.js';
import { createRateLimiter } from './rateLimit.js';

/** What a face knows of the request it answers; made once for each. */
export type RequestContext = Services & {
  viewer: Viewer | null;
  requestId: string;
  /**
   * The log under the id of the request. A method, for a getter would give each context a shape of
   * its own, and with it three times the work for the garbage collector.
   */
  log(): Logger;
  /** Notes the error that the request is answered with, where its status does not tell. */
  noteCode(code: string): void;
};

/** What travels with a request through Hono. `operation` and `code` are for its report. */
export type HttpEnv = {
  Bindings: HttpBindings;
  Variables: {
    requestId: string;
    log: Logger;
    operation: string | undefined;
    code: string | undefined;
  };
};

export type MakeContext = (c: Context<HttpEnv>) => Promise<RequestContext>;

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

  return async (c) => {
    const { outgoing } = c.env;
    const viewer = await access
      .authenticate(header(c, 'authorization'))
      .catch(async (error: unknown) => {
        await count(addressOf(c), outgoing);
        throw error;
      });
    await count(viewer?.tokenId ?? addressOf(c), outgoing);
    return {
      access,
      customers,
      corporations,
      viewer,
      requestId: c.get('requestId'),
      log: () => requestLog(c),
      noteCode: (code) => c.set('code', code),
    };
  };
}

/** Who sent a request without a good token, as far as can be told. */
function addressOf(c: Context<HttpEnv>): string {
  return c.env.incoming.socket.remoteAddress ?? '';
}

/** The log under the id of the request. Few requests log anything beside their own line. */
export function requestLog(c: Context<HttpEnv>): Logger {
  return c.get('log').child({ requestId: c.get('requestId') });
}

/** A header of the request by its name in lower case; Hono would make a `Headers` of all first. */
export function header(c: Context<HttpEnv>, name: string): string | undefined {
  // Of all headers only Set-Cookie, which no request has, comes as a list.
  return c.env.incoming.headers[name] as string | undefined;
}
