import { ConfigError } from '../config.js';
import { DomainError, InvalidInputError, UnavailableError } from '../errors.js';
import { ListenError } from '../http/listen.js';
import { MigrationError, OpenError } from '../storage/errors.js';
import { BackupError } from '../storage/sqlite/backup.js';
import { FileError } from '../transfer/rows.js';

/** What went wrong is for the command's user to mend; the message says how. */
export class CommandError extends Error {}

/** As a shell has it for a command that SIGINT ended. */
export const exitCodeOfInterruption = 130;

/** Says on stderr what went wrong and sets the exit code to 1. Our own faults show their stack. */
export function exitWith(error: unknown): void {
  process.exitCode = 1;
  if (error instanceof InvalidInputError) {
    for (const { path, message } of error.issues) {
      console.error(`${optionNames[path.at(-1) ?? ''] ?? path.join('.')} ${message}`);
    }
  } else if (expected.some((kind) => error instanceof kind)) {
    const { message, cause } = error as Error;
    console.error(error instanceof UnavailableError && cause ? `${message} (${cause})` : message);
  } else {
    console.error(error);
  }
}

const expected = [
  BackupError,
  CommandError,
  ConfigError,
  DomainError,
  FileError,
  ListenError,
  MigrationError,
  OpenError,
];

/** How the command line spells what the service calls by another name. */
const optionNames: Record<string, string> = {
  id: '--id',
  legalName: '--legal-name',
  jurisdiction: '--jurisdiction',
};
