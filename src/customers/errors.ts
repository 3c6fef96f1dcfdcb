import { DomainError } from '../errors.js';
import type { Customer } from './customer.js';

/** Another customer of the corporation already has this external id. Nothing was written. */
export class ConflictError extends DomainError {
  readonly code = 'CONFLICT';

  constructor(
    /** Leads to the value that is taken, as in `InputIssue`. */
    readonly path: readonly string[],
    readonly existing: Customer,
  ) {
    super('Another customer of this corporation already has this external id.');
  }
}

/** The customer is not at a version that the caller expected. Nothing was written. */
export class VersionMismatchError extends DomainError {
  readonly code = 'VERSION_MISMATCH';

  constructor(readonly current: Customer) {
    super(`The customer is at version ${current.version}, which is not what you expected.`);
  }
}
