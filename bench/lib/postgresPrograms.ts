import { accessSync, constants, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Where Debian puts what is not in the PATH. */
const debian = '/usr/lib/postgresql';

/** The folder of PostgreSQL's programs; null when it is not installed. */
export function findPostgres(): string | null {
  const versions = listed(debian).map((version) => join(debian, version, 'bin'));
  const folders = [...(process.env.PATH ?? '').split(delimiter), ...versions];
  return folders.find((folder) => has(folder, 'initdb') && has(folder, 'postgres')) ?? null;
}

function listed(folder: string): string[] {
  try {
    return readdirSync(folder).sort().reverse();
  } catch {
    return [];
  }
}

function has(folder: string, program: string): boolean {
  try {
    accessSync(join(folder, program), constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
