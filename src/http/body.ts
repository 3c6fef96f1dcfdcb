import { isUtf8 } from 'node:buffer';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { Context } from 'hono';
import { type HttpEnv, header } from './context.js';
import { HttpError } from './errors.js';

/** How long, in ms, the rest of a body that nobody wants may take. */
const drainTimeout = 1000;

/**
 * The body as text. JSON is UTF-8 (RFC 8259, 8.1), and reading anything else as if it were would
 * change what the sender wrote without a word. Throws `MALFORMED_JSON`, and `PAYLOAD_TOO_LARGE` for
 * more than `maxSize` bytes.
 */
export async function readText(c: Context<HttpEnv>, maxSize: number): Promise<string> {
  const announced = Number(header(c, 'content-length') ?? 0);
  const bytes = announced > maxSize ? null : await read(c.env.incoming, maxSize);
  if (!bytes) {
    await drain(c);
    throw new HttpError('PAYLOAD_TOO_LARGE', `The body may have at most ${maxSize} bytes.`);
  }
  if (!isUtf8(bytes)) throw new HttpError('MALFORMED_JSON', 'The body is not valid UTF-8.');
  return bytes.toString();
}

/**
 * Reads from Node's request itself, since through a `Request` it takes as long as all of HTTP does.
 * Resolves to null as soon as there is more than `maxSize`.
 */
function read(incoming: IncomingMessage, maxSize: number): Promise<Buffer | null> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    incoming
      .on('data', (chunk: Buffer) => {
        size += chunk.length;
        if (size <= maxSize) chunks.push(chunk);
        else resolve(null);
      })
      .on('end', () => resolve(chunks.length === 1 ? (chunks[0] ?? null) : Buffer.concat(chunks)))
      .on('error', reject);
  });
}

/**
 * Lets the rest of the body come in unread. Whoever is cut off while still sending sees a broken
 * connection instead of the answer.
 */
export async function drain(c: Context<HttpEnv>): Promise<void> {
  const { incoming } = c.env;
  if (incoming.readableEnded || incoming.destroyed) return;
  incoming.resume();
  await once(incoming, 'end', { signal: AbortSignal.timeout(drainTimeout) }).catch(() => {});
}
