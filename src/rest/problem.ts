import { STATUS_CODES } from 'node:http';
import { ConflictError, VersionMismatchError } from '../customers/errors.js';
import { type DomainError, type ErrorCode, InvalidInputError } from '../errors.js';
import {
  type HttpError,
  type HttpErrorCode,
  headersOf,
  showable,
  statuses,
} from '../http/errors.js';
import type { Exchange, Reply } from '../http/exchange.js';
import { toWirePath } from './names.js';
import { entityTag, toWireCustomer, type WireCustomer } from './wire.js';

/** A problem document (RFC 9457), with `message` beside `detail` for clients of the reference. */
export type Problem = {
  type: 'about:blank';
  title: string;
  status: number;
  code: ErrorCode | HttpErrorCode;
  message: string;
  detail: string;
  errors?: { path: string; code: string; message: string }[];
  existing?: WireCustomer;
  current?: WireCustomer;
  request_id: string;
};

/** The reply to an error. What is our own fault is logged, and the caller is told nothing of it. */
export function problemReply(exchange: Exchange, error: unknown): Reply {
  const shown = showable(error, exchange);
  exchange.code = shown.code;
  return {
    status: statuses[shown.code],
    headers: {
      'Content-Type': 'application/problem+json',
      ...(shown instanceof VersionMismatchError && { ETag: entityTag(shown.current) }),
      ...headersOf(shown),
    },
    body: JSON.stringify(toProblem(shown, exchange.requestId)),
  };
}

export function toProblem(error: DomainError | HttpError, requestId: string): Problem {
  const status = statuses[error.code];
  return {
    type: 'about:blank',
    title: STATUS_CODES[status] ?? '',
    status,
    code: error.code,
    message: error.message,
    detail: error.message,
    ...particulars(error),
    request_id: requestId,
  };
}

function particulars(error: DomainError | HttpError): Partial<Problem> {
  if (error instanceof InvalidInputError) {
    const errors = error.issues.map(({ path, ...rest }) => ({ path: toWirePath(path), ...rest }));
    return { errors };
  }
  if (error instanceof ConflictError) {
    const path = toWirePath(error.path);
    return {
      errors: [{ path, code: 'CONFLICT', message: `is taken by ${error.existing.id}` }],
      existing: toWireCustomer(error.existing),
    };
  }
  if (error instanceof VersionMismatchError) return { current: toWireCustomer(error.current) };
  return {};
}
