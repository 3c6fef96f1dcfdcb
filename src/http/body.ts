import { isUtf8 } from 'node:buffer';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { HttpError } from './errors.js';
import type { Exchange } from './exchange.js';

/** How long, in ms, the rest of a body that nobody wants may take. */
const drainTimeout = 500;

export type BodyLimits = {
  /** The largest body that is read, in bytes. */
  bodyLimit: number;
  /** How many objects and lists may be within each other. */
  jsonDepthLimit: number;
  /** How many customers one call may create; no list is much longer. */
  bulkLimit: number;
};

/**
 * The text of a body that should be JSON. JSON is UTF-8 (RFC 8259, 8.1), and reading anything else
 * as if it were would change what the sender wrote without a word. Throws `MALFORMED_JSON`,
 * `PAYLOAD_TOO_LARGE`, and `UNSUPPORTED_MEDIA_TYPE` for a body that is compressed.
 */
export async function readJsonText(exchange: Exchange, limits: BodyLimits): Promise<string> {
  const { bodyLimit } = limits;
  if ((exchange.header('content-encoding') ?? 'identity').toLowerCase() !== 'identity') {
    await drain(exchange);
    throw new HttpError('UNSUPPORTED_MEDIA_TYPE', 'The body must not be compressed.', {
      'Accept-Encoding': 'identity',
    });
  }
  const announced = Number(exchange.header('content-length') ?? 0);
  const bytes = announced > bodyLimit ? null : await read(exchange.incoming, bodyLimit);
  if (!bytes) {
    await drain(exchange);
    throw new HttpError('PAYLOAD_TOO_LARGE', `The body may have at most ${bodyLimit} bytes.`);
  }
  if (!isUtf8(bytes)) throw new HttpError('MALFORMED_JSON', 'The body is not valid UTF-8.');
  const text = bytes.toString();
  refuseExcess(text, limits);
  return text;
}

/** More fields than any object has that this service takes. */
const maxFields = 100;

/** A list that is longer than the longest by so much is refused before its items are looked at. */
const excessOfItems = 4;

/**
 * Throws `MALFORMED_JSON` for JSON that could not mean anything here and would take long to be told
 * so. It looks at the text and not at what is made of it, for whatever walks a value may call itself.
 */
export function refuseExcess(json: string, limits: Omit<BodyLimits, 'bodyLimit'>): void {
  const maxItems = excessOfItems * limits.bulkLimit;
  // What has been counted of each object and list that is open: fields, or items below zero.
  const counts: number[] = [];
  for (let at = 0; at < json.length; at++) {
    switch (json[at]) {
      case '{':
        counts.push(1);
        break;
      case '[':
        counts.push(-1);
        break;
      case '}':
      case ']':
        counts.pop();
        break;
      case ',': {
        const before = counts.pop() ?? 1;
        const count = before + Math.sign(before);
        counts.push(count);
        if (count > maxFields) {
          throw new HttpError('MALFORMED_JSON', `An object has more than ${maxFields} fields.`);
        }
        if (-count > maxItems) {
          throw new HttpError('MALFORMED_JSON', `A list has more than ${maxItems} items.`);
        }
        break;
      }
      case '"':
        at = endOfString(json, at);
    }
    if (counts.length > limits.jsonDepthLimit) {
      throw new HttpError(
        'MALFORMED_JSON',
        `The body has more than ${limits.jsonDepthLimit} objects and lists within each other.`,
      );
    }
  }
}

/** Where the string that begins at `start` ends. */
function endOfString(json: string, start: number): number {
  let end = json.indexOf('"', start + 1);
  while (end !== -1 && isEscaped(json, end)) end = json.indexOf('"', end + 1);
  return end === -1 ? json.length : end;
}

/** Whether an odd number of backslashes is before the character. */
function isEscaped(json: string, at: number): boolean {
  let before = at;
  while (json[before - 1] === '\\') before--;
  return (at - before) % 2 === 1;
}

/**
 * Reads from Node's request itself, since through a `Request` it takes as long as all of HTTP does.
 * Resolves to null as soon as there is more than `maxSize`.
 */
function read(incoming: IncomingMessage, maxSize: number): Promise<Buffer | null> {
  return new Promise((resolve, reject) => {
    let bytes: Buffer = Buffer.alloc(0);
    let size = 0;
    incoming
      .on('data', (chunk: Buffer) => {
        const end = size + chunk.length;
        if (end > maxSize) {
          resolve(null);
          return;
        }
        if (size === 0) bytes = chunk;
        else {
          // Copied together, since each of very many small chunks would keep far more than itself.
          if (end > bytes.length) bytes = grown(bytes, size, end);
          chunk.copy(bytes, size);
        }
        size = end;
      })
      .on('end', () => resolve(bytes.subarray(0, size)))
      .on('error', reject);
  });
}

/** A copy of the first `size` bytes with room for `needed`, and for as much again. */
function grown(bytes: Buffer, size: number, needed: number): Buffer {
  const larger = Buffer.allocUnsafe(2 * needed);
  bytes.copy(larger, 0, 0, size);
  return larger;
}

/**
 * Lets the rest of the body come in unread. Whoever is cut off while still sending sees a broken
 * connection instead of the answer.
 */
export async function drain({ incoming }: Exchange): Promise<void> {
  if (incoming.readableEnded || incoming.destroyed) return;
  incoming.resume();
  await once(incoming, 'end', { signal: AbortSignal.timeout(drainTimeout) }).catch(() => {});
}
