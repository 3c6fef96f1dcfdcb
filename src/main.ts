#!/usr/bin/env node
import { createRequire } from 'node:module';
import { Command } from '@commander-js/extra-typings';
import { backupCommand } from './cli/backup.js';
import { corporationCommand } from './cli/corporation.js';
import { exitWith } from './cli/exit.js';
import { exportCommand } from './cli/export.js';
import { importCommand } from './cli/import.js';
import { migrateCommand } from './cli/migrate.js';
import { serveCommand } from './cli/serve.js';
import { tokenCommand } from './cli/token.js';

const { version } = createRequire(import.meta.url)('../package.json') as { version: string };

// What is written holds customers and hashes of tokens: databases, backups, exports.
process.umask(process.umask() | 0o077);

await new Command('clientele')
  .description(
    'The customer service that a company runs for itself: GraphQL and REST over SQLite or PostgreSQL.',
  )
  .version(version)
  .addCommand(serveCommand())
  .addCommand(migrateCommand())
  .addCommand(corporationCommand())
  .addCommand(tokenCommand())
  .addCommand(importCommand())
  .addCommand(exportCommand())
  .addCommand(backupCommand())
  .showHelpAfterError()
  .parseAsync()
  .catch(exitWith);
