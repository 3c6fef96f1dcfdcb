import { Command } from '@commander-js/extra-typings';
import { readConfig } from '../config.js';
import { backUp } from '../storage/sqlite/backup.js';
import { CommandError, exitCodeOfInterruption } from './exit.js';
import { type Progress, showProgress } from './progress.js';
import { show } from './show.js';

const megabyte = 1_000_000;

export function backupCommand() {
  return new Command('backup')
    .description('copy the database to a file, also while it is in use')
    .argument(
      '<file>',
      'where the copy goes; a file that is there is replaced by a whole copy only',
    )
    .option('--json', 'print the summary as JSON; the size is in bytes')
    .addHelpText(
      'after',
      '\nThe copy holds all that was answered before it began, and is checked before it takes its' +
        '\nplace. To restore it, stop the service and let DATABASE_URL name the copy.' +
        '\n\nExit code: 0 when the copy is whole and on disk, 130 when interrupted, 1 when it failed.',
    )
    .action(async (file, options) => {
      const { database } = readConfig();
      if (database.kind !== 'sqlite') {
        throw new CommandError(
          'backup copies a file, and DATABASE_URL names PostgreSQL: use pg_dump, or a base backup.',
        );
      }
      const startedAt = performance.now();
      const interruption = new AbortController();
      const interrupt = () => interruption.abort();
      // Said once more they change nothing, so that what is begun is always cleared away.
      process.on('SIGINT', interrupt).on('SIGTERM', interrupt);

      let progress: Progress | undefined;
      try {
        const { customers, bytes } = await backUp({
          databasePath: database.path,
          file,
          onProgress(copied, total) {
            progress ??= showProgress(total, 'MB');
            progress.update(Math.round(copied / megabyte), copied);
          },
          signal: interruption.signal,
        });
        progress?.stop();
        const ms = Math.round(performance.now() - startedAt);
        show([{ file, customers, bytes, ms }], options);
      } catch (error) {
        progress?.stop();
        if (!interruption.signal.aborted) throw error;
        console.error(`Interrupted. ${file} is as it was.`);
        process.exitCode = exitCodeOfInterruption;
      }
    });
}
