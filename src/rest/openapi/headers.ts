import { customer, requestId } from './examples.js';
import { reference } from './reference.js';
import type { Schema } from './schema.js';

type Header = { description: string; required?: true; schema: Schema; example?: unknown };

/** The headers of replies. Those that are not required come where there is something to say. */
export const headers = {
  'X-Request-Id': {
    description:
      'The id of the request: your own `X-Request-Id` if it has 1 to 255 letters, digits or any of `_ - =`, otherwise a new one.',
    required: true,
    schema: { type: 'string', minLength: 1, maxLength: 255 },
    example: requestId,
  },
  'RateLimit-Policy': {
    description: 'How many requests (`q`) one sender may make in how many seconds (`w`).',
    schema: { type: 'string', pattern: '^"requests";q=\\d+;w=\\d+$' },
    example: '"requests";q=120000;w=60',
  },
  RateLimit: {
    description: 'How many requests are left (`r`), and in how many seconds all are back (`t`).',
    schema: { type: 'string', pattern: '^"requests";r=\\d+;t=\\d+$' },
    example: '"requests";r=119999;t=60',
  },
  ETag: {
    description: 'Identifies this version of the answer; for a customer its `version`, in quotes.',
    required: true,
    schema: { type: 'string', pattern: '^"[\\w-]+"$' },
    example: '"1"',
  },
  Location: {
    description: 'The path of what was created.',
    required: true,
    schema: { type: 'string', pattern: '^/(?:customers|corporations)/[^/]+$' },
    example: `/customers/${customer.id}`,
  },
  'Idempotent-Replayed': {
    description: 'The answer is that of an earlier call with the same idempotency key.',
    schema: { type: 'string', const: 'true' },
  },
  'Retry-After': {
    description: 'After how many seconds to try again.',
    required: true,
    schema: { type: 'integer', minimum: 0 },
    example: 1,
  },
  'WWW-Authenticate': {
    description: 'The scheme that is wanted.',
    required: true,
    schema: { type: 'string', const: 'Bearer' },
  },
  Allow: {
    description: 'The methods that the path answers.',
    required: true,
    schema: { type: 'string', pattern: '^[A-Z]+(?:, [A-Z]+)*$' },
    example: 'GET, HEAD',
  },
  'Accept-Encoding': {
    description: '`identity`, where the body of the request was compressed.',
    schema: { type: 'string', const: 'identity' },
  },
} satisfies Record<string, Header>;

export type HeaderName = keyof typeof headers;

export const rateLimitHeaders = ['RateLimit-Policy', 'RateLimit'] satisfies HeaderName[];

/** The headers of a reply by reference, the one that every reply has before them. */
export function headersOfReply(names: readonly HeaderName[]): Record<string, { $ref: string }> {
  return Object.fromEntries(
    (['X-Request-Id', ...names] as const).map((name) => [name, reference('headers', name)]),
  );
}
