import { DomainError, InvalidInputError, OperationalError, UnavailableError } from '../errors.js';

/** What went wrong is for the command's user to mend; the message says how. */
export class CommandError extends OperationalError {}

/** As a shell has it for a command that SIGINT ended. */
export const exitCodeOfInterruption = 130;

/**
 * Aborted by SIGINT or SIGTERM. Said once more they change nothing, so that what is begun is always
 * cleared away.
 */
export function onInterruption(): AbortSignal {
  const interruption = new AbortController();
  const interrupt = () => interruption.abort();
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt);
  return interruption.signal;
}

/** Says on stderr what went wrong and sets the exit code to 1. Our own faults show their stack. */
export function exitWith(error: unknown): void {
  process.exitCode = 1;
  if (error instanceof InvalidInputError) {
    for (const { path, message } of error.issues) {
      console.error(`${optionNames[path.at(-1) ?? ''] ?? path.join('.')} ${message}`);
    }
  } else if (error instanceof DomainError || error instanceof OperationalError) {
    const { message, cause } = error;
    console.error(error instanceof UnavailableError && cause ? `${message} (${cause})` : message);
  } else {
    console.error(error);
  }
}

/** How the command line spells what the service calls by another name. */
const optionNames: Record<string, string> = {
  id: '--id',
  legalName: '--legal-name',
  jurisdiction: '--jurisdiction',
};
