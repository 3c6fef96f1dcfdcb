import { OperationalError } from '../errors.js';

/** The database cannot be had; the message says which, and why. */
export class OpenError extends OperationalError {}

/** The database and the migrations do not belong together; the message says what to do. */
export class MigrationError extends OperationalError {}

/** The copy is not there, or not what its source is; the message says why and what to do. */
export class CopyError extends OperationalError {}

/** The backup was not made, and an earlier one is as it was; the message says why. */
export class BackupError extends OperationalError {}
