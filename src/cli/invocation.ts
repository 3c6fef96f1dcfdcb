import { basename, relative } from 'node:path';

/** The scripts of package.json after which the command line is at hand as `npm run clientele`. */
const scripts = ['start', 'dev', 'clientele'];

/** How to call the command line in the same folder, as this one was, so that hints can be pasted. */
export function invocation(): string {
  const { npm_package_name: name, npm_lifecycle_event: script = '' } = process.env;
  if (name === 'clientele' && scripts.includes(script)) return 'npm run -s clientele --';
  const path = process.argv[1] ?? '';
  if (basename(path) === 'clientele') return 'clientele';
  const fromHere = relative('.', path);
  return `node ${quoted(fromHere.startsWith('..') ? path : fromHere)}`;
}

/**
 * The same for another terminal, which may not know where the database of this one is. A URL that may
 * have a password in it is not shown.
 */
export function invocationElsewhere(): string {
  const url = process.env.DATABASE_URL?.trim();
  if (url?.includes('@')) return `DATABASE_URL=… ${invocation()}`;
  return url ? `DATABASE_URL=${quoted(url)} ${invocation()}` : invocation();
}

/** One word for a POSIX shell. */
function quoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
