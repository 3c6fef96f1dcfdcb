#!/usr/bin/env node
import { createRequire } from 'node:module';
import { setFlagsFromString } from 'node:v8';
import { exitWith } from './cli/exit.js';
import { createProgram } from './cli/program.js';

const { version } = createRequire(import.meta.url)('../package.json') as { version: string };

// What is written holds customers and hashes of tokens: databases, backups, exports.
process.umask(process.umask() | 0o077);

// At first the young generation is small, and what belongs to a request outlives it. V8 would take that for
// how things are, and make such objects among the old ones ever after: bench/README.md has what that costs.
setFlagsFromString('--no-allocation-site-pretenuring');

// V8 would let the old generation grow to as much as four times what is in use before it is collected.
setFlagsFromString('--heap-growing-percent=30');

await createProgram(version).parseAsync().catch(exitWith);
