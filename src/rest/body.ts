import { type BodyLimits, drain, readJsonText } from '../http/body.js';
import { HttpError } from '../http/errors.js';
import type { Exchange } from '../http/exchange.js';
import { fromWire } from './names.js';

/** A JSON object, its names in the service's spelling. */
export type Body = Record<string, unknown>;

const json = /^application\/(?:json|[\w.+-]+\+json)\s*(?:;|$)/i;

/**
 * The body of a request. Throws `HttpError` when it is something else.
 */
export async function readBody(exchange: Exchange, limits: BodyLimits): Promise<Body> {
  if (!json.test(exchange.header('content-type') ?? '')) {
    await drain(exchange);
    throw new HttpError(
      'UNSUPPORTED_MEDIA_TYPE',
      'The body must be JSON, sent with "Content-Type: application/json".',
    );
  }
  const body = parse(await readJsonText(exchange, limits));
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new HttpError('MALFORMED_JSON', 'The body must be one JSON object.');
  }
  return fromWire(body) as Body;
}

function parse(text: string): unknown {
  if (text === '') throw new HttpError('MALFORMED_JSON', 'The body is empty.');
  try {
    return JSON.parse(text);
  } catch {
    throw new HttpError('MALFORMED_JSON', 'The body is not well-formed JSON.');
  }
}
