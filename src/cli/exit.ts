import { ConfigError } from '../config.js';
import { DomainError, InvalidInputError } from '../errors.js';
import { MigrationError } from '../storage/migrate.js';

/** What went wrong is for the command's user to mend; the message says how. */
export class CommandError extends Error {}

/** Says on stderr what went wrong and sets the exit code to 1. Our own faults show their stack. */
export function exitWith(error: unknown): void {
  process.exitCode = 1;
  if (error instanceof InvalidInputError) {
    for (const { path, message } of error.issues) {
      console.error(`${optionNames[path.at(-1) ?? ''] ?? path.join('.')} ${message}`);
    }
  } else if (isExpected(error)) {
    console.error(error.message);
  } else {
    console.error(error);
  }
}

function isExpected(error: unknown): error is Error {
  return (
    error instanceof CommandError ||
    error instanceof ConfigError ||
    error instanceof MigrationError ||
    error instanceof DomainError
  );
}

/** How the command line spells what the service calls by another name. */
const optionNames: Record<string, string> = {
  id: '--id',
  legalName: '--legal-name',
  jurisdiction: '--jurisdiction',
};
