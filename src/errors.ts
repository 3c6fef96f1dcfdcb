/**
 * The catalogue of what can go wrong, in the words of the domain. Each face has one table from
 * these codes to its own form: GraphQL to a union member or to `extensions.code`, REST to a status
 * and a problem document (RFC 9457).
 */
export const errorCodes = [
  'INVALID_INPUT',
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'NOT_FOUND',
  'CONFLICT',
  'VERSION_MISMATCH',
  'IDEMPOTENCY_IN_FLIGHT',
  'IDEMPOTENCY_MISMATCH',
  'UNAVAILABLE',
  'OUTCOME_UNKNOWN',
] as const;

export type ErrorCode = (typeof errorCodes)[number];

/** An error that a caller may be told of. Anything else that is thrown is our own fault. */
export abstract class DomainError extends Error {
  abstract readonly code: ErrorCode;
}

/**
 * A setting, a file or the machine is not as it must be. Whoever runs the service can mend that; the
 * message says how. Callers of the API are told nothing of it.
 */
export abstract class OperationalError extends Error {}

export const inputIssueCodes = [
  'REQUIRED',
  'INVALID_TYPE',
  'TOO_SHORT',
  'TOO_LONG',
  'INVALID_CHARACTERS',
  'INVALID_EMAIL',
  'INVALID_COUNTRY',
  'OUT_OF_RANGE',
  'TOO_FEW',
  'TOO_MANY',
  'INVALID_CURSOR',
  'MUTUALLY_EXCLUSIVE',
  'UNKNOWN_FIELD',
  'NOT_FOUND',
] as const;

export type InputIssueCode = (typeof inputIssueCodes)[number];

/** One thing wrong with one field. `path` leads from the verb's arguments to the field. */
export type InputIssue = {
  readonly path: readonly string[];
  readonly code: InputIssueCode;
  readonly message: string;
};

/** As many issues as are told at once: more than anyone reads. */
export const maxIssues = 100;

/** The input breaks rules; `issues` holds every one of them up to `maxIssues`, not only the first. */
export class InvalidInputError extends DomainError {
  readonly code = 'INVALID_INPUT';

  constructor(readonly issues: readonly InputIssue[]) {
    const fields = new Set(issues.map(({ path }) => JSON.stringify(path))).size;
    const count = issues.length < maxIssues ? fields : `${fields} or more`;
    super(count === 1 ? '1 field is invalid.' : `${count} fields are invalid.`);
  }
}

/** No token, or one that is unknown, expired or revoked: the caller is not told which. */
export class UnauthenticatedError extends DomainError {
  readonly code = 'UNAUTHENTICATED';

  constructor(
    message = 'There is no token. Send one as `Authorization: Bearer <token>`; on the machine of the service `npm run -s clientele -- token create --all --name app` makes one.',
  ) {
    super(message);
  }
}

/** The token is good, but does not allow this. */
export class ForbiddenError extends DomainError {
  readonly code = 'FORBIDDEN';
}

/** Nothing here has that id, or it is out of the token's reach: the two are answered alike. */
export class NotFoundError extends DomainError {
  readonly code = 'NOT_FOUND';

  constructor(
    message: string,
    readonly id: string | null = null,
  ) {
    super(message);
  }
}

/** The idempotency key is still being worked on, or was used before with another input. */
export class IdempotencyError extends DomainError {
  constructor(readonly code: 'IDEMPOTENCY_IN_FLIGHT' | 'IDEMPOTENCY_MISMATCH') {
    super(
      code === 'IDEMPOTENCY_IN_FLIGHT'
        ? 'A call with this idempotency key is still being worked on. Try again in a moment.'
        : 'This idempotency key was used before with another input. Use a new key for a new call.',
    );
  }
}

/** Nothing was written, and the same call may succeed after `retryAfter` seconds. */
export class UnavailableError extends DomainError {
  readonly code = 'UNAVAILABLE';
  readonly retryAfter = 1;

  constructor(
    message = 'The service cannot take this just now. Try again in a moment.',
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/**
 * The connection to the database broke while it was told to keep a write, and nobody knows whether it
 * did. With an idempotency key the same call may be repeated after `retryAfter` seconds.
 */
export class OutcomeUnknownError extends DomainError {
  readonly code = 'OUTCOME_UNKNOWN';
  readonly retryAfter = 1;

  constructor(options?: ErrorOptions) {
    super(
      'Nobody knows whether this was written. Look for it before you send it again, or repeat it ' +
        'with the idempotency key that it had.',
      options,
    );
  }
}
