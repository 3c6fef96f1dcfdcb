import { Command } from '@commander-js/extra-typings';
import { databaseUrl, details, doneOrFailed } from './help.js';
import { jsonOption } from './show.js';

export function migrateCommand() {
  return new Command('migrate')
    .description('bring the database up to date with this version; serve does so by itself')
    .option(...jsonOption)
    .addHelpText(
      'after',
      details({
        notes: ['A database that is not there is made. Take a backup first where one is.'],
        environment: databaseUrl,
        exitCodes: doneOrFailed,
        examples: (clientele) => [`${clientele} migrate`],
        docs: 'docs/operating.md, "In production"',
      }),
    )
    .action(async ({ json }) => {
      const [{ readConfig }, { migrateDatabase }] = await Promise.all([
        import('../config.js'),
        import('../storage/open.js'),
      ]);
      const applied = await migrateDatabase(readConfig().database);
      if (json) console.log(JSON.stringify({ applied }, null, 2));
      else console.log(applied === 0 ? 'The database is up to date.' : `Applied ${applied}.`);
    });
}
