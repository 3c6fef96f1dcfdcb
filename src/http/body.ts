import { isUtf8 } from 'node:buffer';
import type { Context, MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { HttpError } from './errors.js';

/** Throws `PAYLOAD_TOO_LARGE` for a body of more than `maxSize` bytes. */
export function limitBody(maxSize: number): MiddlewareHandler {
  return bodyLimit({
    maxSize,
    onError: () => {
      throw new HttpError('PAYLOAD_TOO_LARGE', `The body may have at most ${maxSize} bytes.`);
    },
  });
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
