import { isUtf8 } from 'node:buffer';
import { once } from 'node:events';
import type { HttpBindings } from '@hono/node-server';
import type { Context, MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { createMiddleware } from 'hono/factory';
import { HttpError } from './errors.js';

/** How long, in ms, the rest of a body that nobody wants may take. */
const drainTimeout = 1000;

/** Throws `PAYLOAD_TOO_LARGE` for a body of more than `maxSize` bytes. */
export function limitBody(maxSize: number): MiddlewareHandler {
  const refuse = async (c: Context): Promise<never> => {
    await drain(c);
    throw new HttpError('PAYLOAD_TOO_LARGE', `The body may have at most ${maxSize} bytes.`);
  };
  const limitUnannounced = bodyLimit({ maxSize, onError: refuse });

  return createMiddleware(async (c, next) => {
    // Hono's own middleware opens the body as a stream, which costs much, to find out the length
    // that nearly every request announces, and that Node holds it to.
    const announced = c.req.header('content-length');
    if (announced === undefined) return limitUnannounced(c, next);
    if (Number(announced) > maxSize) await refuse(c);
    await next();
  });
}

/**
 * Lets the rest of the body come in unread. Whoever is cut off while still sending sees a broken
 * connection instead of the answer.
 */
export async function drain(c: Context): Promise<void> {
  const { incoming } = c.env as HttpBindings;
  if (incoming.readableEnded || incoming.destroyed) return;
  incoming.resume();
  await once(incoming, 'end', { signal: AbortSignal.timeout(drainTimeout) }).catch(() => {});
}

/**
 * The body as text. JSON is UTF-8 (RFC 8259, 8.1), and reading anything else as if it were would
 * change what the sender wrote without a word. Throws `MALFORMED_JSON`.
 */
export async function readText(context: Context): Promise<string> {
  const bytes = Buffer.from(await context.req.arrayBuffer());
  if (!isUtf8(bytes)) throw new HttpError('MALFORMED_JSON', 'The body is not valid UTF-8.');
  return bytes.toString();
}
