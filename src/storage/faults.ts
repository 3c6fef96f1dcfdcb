import BetterSqlite3 from 'better-sqlite3';
import { UnavailableError } from '../errors.js';

/** Result codes that speak of the machine rather than of the statement: https://sqlite.org/rescode.html */
const environmental = /^SQLITE_(BUSY|LOCKED|FULL|IOERR|READONLY|CANTOPEN|NOMEM|CORRUPT|NOTADB)/;

/** Whether another process holds the lock, so that trying again may help. */
export function isTransient(error: unknown): boolean {
  return error instanceof BetterSqlite3.SqliteError && error.code.startsWith('SQLITE_BUSY');
}

/** Which constraint a statement broke, if that is what went wrong. */
export function brokenConstraint(error: unknown): 'unique' | 'foreign-key' | null {
  if (!(error instanceof BetterSqlite3.SqliteError)) return null;
  switch (error.code) {
    case 'SQLITE_CONSTRAINT_UNIQUE':
    case 'SQLITE_CONSTRAINT_PRIMARYKEY':
      return 'unique';
    case 'SQLITE_CONSTRAINT_FOREIGNKEY':
      return 'foreign-key';
    default:
      return null;
  }
}

/** The same error, or `UnavailableError` with it as the cause when the machine is to blame. */
export function toUnavailable(error: unknown): unknown {
  return error instanceof BetterSqlite3.SqliteError && environmental.test(error.code)
    ? new UnavailableError(undefined, { cause: error })
    : error;
}
