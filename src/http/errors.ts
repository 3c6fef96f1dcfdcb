import type { ContentfulStatusCode } from 'hono/utils/http-status';
import {
  DomainError,
  type ErrorCode,
  OutcomeUnknownError,
  UnauthenticatedError,
  UnavailableError,
} from '../errors.js';
import type { Exchange } from './exchange.js';

/** What only a face can run into, beside the domain's own errors. */
export type HttpErrorCode =
  | 'BAD_REQUEST'
  | 'HEADERS_TOO_LARGE'
  | 'MALFORMED_JSON'
  | 'METHOD_NOT_ALLOWED'
  | 'NOT_ACCEPTABLE'
  | 'RATE_LIMITED'
  | 'REQUEST_TIMEOUT'
  | 'PAYLOAD_TOO_LARGE'
  | 'UNSUPPORTED_MEDIA_TYPE'
  | 'INTERNAL';

/** The status that each error is answered with when it is the whole answer. */
export const statuses = {
  BAD_REQUEST: 400,
  INVALID_INPUT: 400,
  MALFORMED_JSON: 400,
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  METHOD_NOT_ALLOWED: 405,
  NOT_ACCEPTABLE: 406,
  REQUEST_TIMEOUT: 408,
  CONFLICT: 409,
  IDEMPOTENCY_IN_FLIGHT: 409,
  VERSION_MISMATCH: 412,
  PAYLOAD_TOO_LARGE: 413,
  UNSUPPORTED_MEDIA_TYPE: 415,
  IDEMPOTENCY_MISMATCH: 422,
  RATE_LIMITED: 429,
  HEADERS_TOO_LARGE: 431,
  INTERNAL: 500,
  OUTCOME_UNKNOWN: 503,
  UNAVAILABLE: 503,
} satisfies Record<ErrorCode | HttpErrorCode, ContentfulStatusCode>;

/** An error that belongs to HTTP and not to the domain. */
export class HttpError extends Error {
  constructor(
    readonly code: HttpErrorCode,
    message: string,
    readonly headers: Record<string, string> = {},
  ) {
    super(message);
  }
}

/**
 * The error as a caller may see it. One that is our own fault is logged, and in its place stands
 * one that says nothing of the inside; one that the machine is to blame for is logged as well,
 * but not that there is too much to do: the line of the request says so.
 */
export function showable(error: unknown, exchange: Exchange): DomainError | HttpError {
  if (isAborted(error)) return new HttpError('MALFORMED_JSON', 'The body ended early.');
  const known = error instanceof DomainError || error instanceof HttpError;
  const ofMachine =
    error instanceof OutcomeUnknownError ||
    (error instanceof UnavailableError && error.cause !== undefined);
  if (!known || ofMachine) exchange.log().error({ err: error }, 'request failed');
  return known
    ? error
    : new HttpError('INTERNAL', 'Something went wrong on our side. It has been logged.');
}

/** Whether the caller went away before it had sent the whole body. */
function isAborted(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ECONNRESET';
}

/** The headers that belong to an error when it is the whole answer. */
export function headersOf(error: DomainError | HttpError): Record<string, string> {
  if (error instanceof UnauthenticatedError) return { 'WWW-Authenticate': 'Bearer' };
  if (error instanceof UnavailableError || error instanceof OutcomeUnknownError) {
    return { 'Retry-After': String(error.retryAfter) };
  }
  return error instanceof HttpError ? error.headers : {};
}
