import type { Context } from 'hono';
import { drain, readText } from '../http/body.js';
import { HttpError } from '../http/errors.js';
import { fromWire } from './names.js';

const json = /^application\/(?:json|[\w.+-]+\+json)\s*(?:;|$)/i;

/**
 * The body of a request: a JSON object, its names in the service's spelling. Throws `HttpError`
 * when it is something else.
 */
export async function readBody(context: Context): Promise<Record<string, unknown>> {
  if (!json.test(context.req.header('content-type') ?? '')) {
    await drain(context);
    throw new HttpError(
      'UNSUPPORTED_MEDIA_TYPE',
      'The body must be JSON, sent with "Content-Type: application/json".',
    );
  }
  const body = parse(await readText(context));
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new HttpError('MALFORMED_JSON', 'The body must be one JSON object.');
  }
  return fromWire(body) as Record<string, unknown>;
}

function parse(text: string): unknown {
  if (text === '') throw new HttpError('MALFORMED_JSON', 'The body is empty.');
  try {
    return JSON.parse(text);
  } catch {
    throw new HttpError('MALFORMED_JSON', 'The body is not well-formed JSON.');
  }
}
