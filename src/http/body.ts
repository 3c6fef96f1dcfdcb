import { isUtf8 } from 'node:buffer';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { Context } from 'hono';
import { type HttpEnv, header } from './context.js';
import { HttpError } from './errors.js';

/** How long, in ms, the rest of a body that nobody wants may take. */
const drainTimeout = 1000;

export type BodyLimits = {
  /** The largest body that is read, in bytes. */
  bodyLimit: number;
  /** How many objects and lists may be within each other. */
  jsonDepthLimit: number;
};

/**
 * The text of a body that should be JSON. JSON is UTF-8 (RFC 8259, 8.1), and reading anything else
 * as if it were would change what the sender wrote without a word. Throws `MALFORMED_JSON`,
 * `PAYLOAD_TOO_LARGE`, and `UNSUPPORTED_MEDIA_TYPE` for a body that is compressed.
 */
export async function readJsonText(c: Context<HttpEnv>, limits: BodyLimits): Promise<string> {
  const { bodyLimit, jsonDepthLimit } = limits;
  if (header(c, 'content-encoding') !== undefined) {
    await drain(c);
    throw new HttpError('UNSUPPORTED_MEDIA_TYPE', 'The body must not be compressed.', {
      'Accept-Encoding': 'identity',
    });
  }
  const announced = Number(header(c, 'content-length') ?? 0);
  const bytes = announced > bodyLimit ? null : await read(c.env.incoming, bodyLimit);
  if (!bytes) {
    await drain(c);
    throw new HttpError('PAYLOAD_TOO_LARGE', `The body may have at most ${bodyLimit} bytes.`);
  }
  if (!isUtf8(bytes)) throw new HttpError('MALFORMED_JSON', 'The body is not valid UTF-8.');
  const text = bytes.toString();
  refuseExcess(text, jsonDepthLimit);
  return text;
}

/** More fields than any object has that this service takes. */
const maxFields = 100;

/**
 * Throws `MALFORMED_JSON` for JSON that could not mean anything here and would take long to be told
 * so. It looks at the text and not at what is made of it, for whatever walks a value may call itself.
 */
function refuseExcess(json: string, maxDepth: number): void {
  // How many fields may still come in each object that is open; any number of items in a list.
  const left: number[] = [];
  for (let at = 0; at < json.length; at++) {
    switch (json[at]) {
      case '{':
        left.push(maxFields);
        break;
      case '[':
        left.push(Number.POSITIVE_INFINITY);
        break;
      case '}':
      case ']':
        left.pop();
        break;
      case ',': {
        const fieldsLeft = (left.pop() ?? maxFields) - 1;
        left.push(fieldsLeft);
        if (fieldsLeft === 0) {
          throw new HttpError('MALFORMED_JSON', `An object has more than ${maxFields} fields.`);
        }
        break;
      }
      case '"':
        at = endOfString(json, at);
    }
    if (left.length > maxDepth) {
      throw new HttpError(
        'MALFORMED_JSON',
        `The body has more than ${maxDepth} objects and lists within each other.`,
      );
    }
  }
}

/** Where the string that begins at `start` ends. */
function endOfString(json: string, start: number): number {
  let at = start + 1;
  while (at < json.length && json[at] !== '"') at += json[at] === '\\' ? 2 : 1;
  return at;
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
