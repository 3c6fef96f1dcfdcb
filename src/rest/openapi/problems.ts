import { STATUS_CODES } from 'node:http';
import { ConflictError, VersionMismatchError } from '../../customers/errors.js';
import {
  type DomainError,
  ForbiddenError,
  IdempotencyError,
  InvalidInputError,
  inputIssueCodes,
  maxIssues,
  NotFoundError,
  OutcomeUnknownError,
  UnauthenticatedError,
  UnavailableError,
} from '../../errors.js';
import { HttpError, statuses } from '../../http/errors.js';
import type { Problem } from '../problem.js';
import { changedCustomer, customer } from './examples.js';
import { reference } from './reference.js';
import type { Schema } from './schema.js';

export type Code = Exclude<keyof typeof statuses, 'NOT_ACCEPTABLE'>;

/** When each error is answered, and one as it is thrown. */
export const problems: Record<Code, { when: string; example: DomainError | HttpError }> = {
  BAD_REQUEST: {
    when: 'The request is not well-formed HTTP/1.1.',
    example: new HttpError('BAD_REQUEST', 'The request is not well-formed HTTP/1.1.'),
  },
  INVALID_INPUT: {
    when: 'A field, a parameter or a header is wrong, missing or unknown. `errors` has all that is wrong.',
    example: new InvalidInputError([
      { path: ['input', 'name'], code: 'TOO_SHORT', message: 'must have at least 3 characters' },
      {
        path: ['input', 'shippingAddress', 'country'],
        code: 'INVALID_COUNTRY',
        message: 'must be an ISO 3166-1 alpha-2 country code, such as US',
      },
    ]),
  },
  MALFORMED_JSON: {
    when: 'The body is no JSON object, not UTF-8, nested too deeply, or much too long in fields or items.',
    example: new HttpError('MALFORMED_JSON', 'The body is not well-formed JSON.'),
  },
  UNAUTHENTICATED: {
    when: 'There is no token, or one that is unknown, expired or revoked.',
    example: new UnauthenticatedError(),
  },
  FORBIDDEN: {
    when: 'The token may not do this.',
    example: new ForbiddenError('This token may read but not write.'),
  },
  NOT_FOUND: {
    when: 'Nothing has this id, or nothing that the token reaches: the two are answered alike.',
    example: new NotFoundError('There is no such customer.'),
  },
  METHOD_NOT_ALLOWED: {
    when: 'The path does not answer this method. `Allow` has those that it does.',
    example: new HttpError('METHOD_NOT_ALLOWED', 'This path answers GET, HEAD only.', {
      Allow: 'GET, HEAD',
    }),
  },
  REQUEST_TIMEOUT: {
    when: 'The request took too long to come in.',
    example: new HttpError('REQUEST_TIMEOUT', 'The request took longer than 30 s to come in.'),
  },
  CONFLICT: {
    when: 'Another customer of the corporation has the external id. `existing` is that customer.',
    example: new ConflictError(['input', 'externalId'], customer),
  },
  IDEMPOTENCY_IN_FLIGHT: {
    when: 'A call with the same idempotency key is still being worked on.',
    example: new IdempotencyError('IDEMPOTENCY_IN_FLIGHT'),
  },
  VERSION_MISMATCH: {
    when: 'The customer is not at a version that `If-Match` or `If-None-Match` allows. `current` is the customer as it is now. Nothing was written.',
    example: new VersionMismatchError(changedCustomer),
  },
  PAYLOAD_TOO_LARGE: {
    when: 'The body is too large.',
    example: new HttpError('PAYLOAD_TOO_LARGE', 'The body may have at most 1048576 bytes.'),
  },
  UNSUPPORTED_MEDIA_TYPE: {
    when: 'The body is not sent as JSON, or is compressed.',
    example: new HttpError(
      'UNSUPPORTED_MEDIA_TYPE',
      'The body must be JSON, sent with "Content-Type: application/json".',
    ),
  },
  IDEMPOTENCY_MISMATCH: {
    when: 'The idempotency key was used before with another input.',
    example: new IdempotencyError('IDEMPOTENCY_MISMATCH'),
  },
  RATE_LIMITED: {
    when: 'One sender made too many requests. Try again after `Retry-After` seconds.',
    example: new HttpError(
      'RATE_LIMITED',
      'More than 120000 requests in a minute. Try again in 17 s.',
      { 'Retry-After': '17' },
    ),
  },
  HEADERS_TOO_LARGE: {
    when: 'The first line and the headers are too large.',
    example: new HttpError(
      'HEADERS_TOO_LARGE',
      'The first line and the headers may have at most 16384 bytes.',
    ),
  },
  INTERNAL: {
    when: 'Our fault. The log has it under the `request_id`.',
    example: new HttpError('INTERNAL', 'Something went wrong on our side. It has been logged.'),
  },
  OUTCOME_UNKNOWN: {
    when: 'The connection to the database broke in the midst of a write, and nobody knows whether it was done. Look for it, or repeat the call with its idempotency key.',
    example: new OutcomeUnknownError(),
  },
  UNAVAILABLE: {
    when: 'There is too much to do, or the database takes no writes. Nothing was written: try again after `Retry-After` seconds.',
    example: new UnavailableError(),
  },
};

export const codes = Object.keys(problems) as Code[];

/** `RATE_LIMITED` as the name of a component: `RateLimited`. */
export function componentName(code: Code): string {
  return code.toLowerCase().replace(/(?:^|_)([a-z])/g, (_, letter) => letter.toUpperCase());
}

export function problemReference(code: Code): Schema {
  return reference('schemas', `${componentName(code)}Problem`);
}

/** A schema for each error, so that its code tells what else is in it. */
export function problemSchemas(): Record<string, Schema> {
  return Object.fromEntries(
    codes.map((code) => [`${componentName(code)}Problem`, problemSchema(code)]),
  );
}

function problemSchema(code: Code): Schema {
  const status = statuses[code];
  const properties = {
    type: { type: 'string', const: 'about:blank' },
    title: { type: 'string', description: `The status in words: ${STATUS_CODES[status]}.` },
    status: { type: 'integer', const: status },
    code: { type: 'string', const: code, description: problems[code].when },
    message: { type: 'string', description: 'What is wrong, for people.' },
    detail: { type: 'string', description: 'The same as `message`.' },
    ...particulars[code],
    request_id: { type: 'string', description: 'As `X-Request-Id`. The log has it.' },
  } satisfies Partial<Record<keyof Problem, Schema>>;
  return { type: 'object', title: code, properties, required: Object.keys(properties) };
}

const conflictCode = { type: 'string', const: 'CONFLICT' };
const particulars: Partial<Record<Code, Partial<Record<keyof Problem, Schema>>>> = {
  INVALID_INPUT: { errors: issues({ type: 'string', enum: [...inputIssueCodes] }) },
  CONFLICT: { errors: issues(conflictCode), existing: reference('schemas', 'Customer') },
  VERSION_MISMATCH: { current: reference('schemas', 'Customer') },
};

function issues(code: Schema): Schema {
  const properties = {
    path: {
      type: 'string',
      description:
        'The field as you spelled it, with dots between names: `shipping_address.country`; or the name of a parameter or a header.',
    },
    code: { ...code, description: 'What is wrong with it, for programs.' },
    message: { type: 'string', description: 'What is wrong with it, for people.' },
  };
  const items = { type: 'object', properties, required: Object.keys(properties) };
  const description = `All that is wrong, up to ${maxIssues}.`;
  return { type: 'array', description, items, minItems: 1, maxItems: maxIssues };
}
