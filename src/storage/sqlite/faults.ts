import BetterSqlite3 from 'better-sqlite3';
import { UnavailableError } from '../../errors.js';

/** Result codes that speak of the machine rather than of the statement: https://sqlite.org/rescode.html */
const environmental = /^SQLITE_(BUSY|LOCKED|FULL|IOERR|READONLY|CANTOPEN|NOMEM|CORRUPT|NOTADB)/;

/** Whether another process holds the lock, so that trying again may help. */
export function isTransient(error: unknown): boolean {
  return error instanceof BetterSqlite3.SqliteError && error.code.startsWith('SQLITE_BUSY');
}

/** Whether the database itself is spoiled, which trying again does not mend. */
export function isDamage(error: unknown): boolean {
  return error instanceof BetterSqlite3.SqliteError && /^SQLITE_(CORRUPT|NOTADB)/.test(error.code);
}

/** Whether the error speaks of the machine rather than of the statement. */
export function isOfMachine(error: unknown): boolean {
  return error instanceof BetterSqlite3.SqliteError && environmental.test(error.code);
}

/** Why a file cannot be used, in sentences: what the machine says, and what may be done about it. */
export function reasonOf(error: unknown): string {
  const reason = error instanceof Error ? error.message : String(error);
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const advice = advices.find(([codes]) => codes.test(code))?.[1];
  return advice ? `${reason}. ${advice}` : `${reason}.`;
}

const advices: [codes: RegExp, advice: string][] = [
  [/^SQLITE_CORRUPT/, 'It is damaged: restore a backup.'],
  [/^SQLITE_NOTADB/, 'It is another kind of file, or damaged: restore a backup.'],
  [/^(SQLITE_(READONLY|CANTOPEN)|EACCES|EPERM|EROFS)/, 'Its folder and it must be writable.'],
  [/^(SQLITE_(FULL|IOERR)|ENOSPC|EFBIG|EDQUOT)/, 'Is there room on the disk, and is it sound?'],
  [/^SQLITE_(BUSY|LOCKED)/, 'Another process holds it: end that, or try again.'],
];

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
  return isOfMachine(error) ? new UnavailableError(undefined, { cause: error }) : error;
}
