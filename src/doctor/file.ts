import { type Stats, statSync } from 'node:fs';
import { type Finding, ok, problem, warning } from './finding.js';
import { sizeText } from './size.js';

/** A `-wal` of so many bytes is ten times what is kept there before it goes into the database. */
const largeWal = 4e8;

/** What is in the place of the database's file; null when that is a file. */
export function checkFile(path: string): Finding | null {
  let found: Stats | undefined;
  try {
    found = statSync(path, { throwIfNoEntry: false });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return problem('database', `${path} leads nowhere: ${reason}. Set DATABASE_URL.`);
  }
  if (found?.isFile()) return null;
  return problem(
    'database',
    found
      ? `${path} is no file. DATABASE_URL must name one.`
      : `There is no database ${path}. Start the service, which makes it, or set DATABASE_URL.`,
  );
}

/** What is beside the file until the next checkpoint, in bytes. */
export function checkWal(bytes: number): Finding {
  return bytes > largeWal
    ? warning(
        'wal',
        `The -wal has grown to ${sizeText(bytes)}: something reads the database for very long, such as ` +
          'a backup or a shell. End that; a restart of the service takes the -wal away.',
      )
    : ok('wal', `The -wal has ${sizeText(bytes)}.`);
}
