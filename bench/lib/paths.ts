import { fileURLToPath } from 'node:url';

// This file runs from bench/dist/lib.
const fromHere = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export const main = fromHere('../../../dist/main.js');
/** What is installed for the bench: its own packages, and those of PostGraphile. */
export const lockFiles = [
  fromHere('../../package-lock.json'),
  fromHere('../../servers/postgraphile/package-lock.json'),
];

export const results = fromHere('../../results/');
export const loadScript = fromHere('../../load/requests.lua');
export const sqlFile = fromHere('../../servers/postgraphile/tables.sql');

/** A program of the bench, such as `servers/yoga.js`. */
export const program = (path: string) => fromHere(`../${path}`);
