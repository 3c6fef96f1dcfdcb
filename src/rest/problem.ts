import { STATUS_CODES } from 'node:http';
import type { Context } from 'hono';
import { ConflictError } from '../customers/conflict.js';
import { type DomainError, type ErrorCode, InvalidInputError } from '../errors.js';
import type { HttpEnv } from '../http/context.js';
import {
  type HttpError,
  type HttpErrorCode,
  headersOf,
  showable,
  statuses,
} from '../http/errors.js';
import { toWireName } from './names.js';
import { toWireCustomer, type WireCustomer } from './wire.js';

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
  request_id: string;
};

/** The reply to an error. What is our own fault is logged, and the caller is told nothing of it. */
export function problemReply(context: Context<HttpEnv>, error: unknown): Response {
  const shown = showable(error, context.get('log'));
  const status = statuses[shown.code];
  const problem: Problem = {
    type: 'about:blank',
    title: STATUS_CODES[status] ?? '',
    status,
    code: shown.code,
    message: shown.message,
    detail: shown.message,
    ...particulars(shown),
    request_id: context.get('requestId'),
  };
  return context.body(JSON.stringify(problem), status, {
    'Content-Type': 'application/problem+json',
    ...headersOf(shown),
  });
}

function particulars(error: DomainError | HttpError): Pick<Problem, 'errors' | 'existing'> {
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
  return {};
}

/** The body is `input`, and the key came in a header; both are named as the caller sent them. */
function toWirePath([root, ...path]: readonly string[]): string {
  return root === 'idempotencyKey' ? 'Idempotency-Key' : path.map(toWireName).join('.');
}
