#!/usr/bin/env node
import { createRequire } from 'node:module';
import { exitWith } from './cli/exit.js';
import { createProgram } from './cli/program.js';

const { version } = createRequire(import.meta.url)('../package.json') as { version: string };

// What is written holds customers and hashes of tokens: databases, backups, exports.
process.umask(process.umask() | 0o077);

await createProgram(version).parseAsync().catch(exitWith);
