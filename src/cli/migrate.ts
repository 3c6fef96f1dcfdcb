import { Command } from '@commander-js/extra-typings';
import { readConfig } from '../config.js';
import { migrateDatabase } from '../storage/open.js';

export function migrateCommand() {
  return new Command('migrate')
    .description('apply the migrations that the database lacks; serve does so by itself')
    .action(async () => {
      const applied = await migrateDatabase(readConfig().database);
      console.log(applied === 0 ? 'The database is up to date.' : `Applied ${applied}.`);
    });
}
