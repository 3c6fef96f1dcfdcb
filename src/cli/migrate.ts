import { Command } from '@commander-js/extra-typings';
import { readConfig } from '../config.js';
import { applyMigrations } from '../storage/migrate.js';
import { openDatabase } from '../storage/open.js';

export function migrateCommand() {
  return new Command('migrate')
    .description('apply the migrations that the database lacks; serve does so by itself')
    .action(() => {
      const sqlite = openDatabase(readConfig().databasePath);
      try {
        const applied = applyMigrations(sqlite);
        console.log(applied === 0 ? 'The database is up to date.' : `Applied ${applied}.`);
      } finally {
        sqlite.close();
      }
    });
}
