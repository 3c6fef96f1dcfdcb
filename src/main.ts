#!/usr/bin/env node
import { setFlagsFromString } from 'node:v8';
import { exitWith } from './cli/exit.js';
import { createProgram } from './cli/program.js';
import { version } from './package.js';

// What is written holds customers and hashes of tokens: databases, backups, exports.
process.umask(process.umask() | 0o077);

// While the young generation is small, objects of a request outlive it. V8 would conclude that such objects live
// long, and make them among the old ones for good: bench/README.md has what that costs.
setFlagsFromString('--no-allocation-site-pretenuring');

// V8 would let the old generation grow to as much as four times what is in use before it is collected.
setFlagsFromString('--heap-growing-percent=30');

// Whoever reads it may have had enough, as `head` has.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') exitWith(error);
});

await createProgram(version).parseAsync().catch(exitWith);
