import { Command } from '@commander-js/extra-typings';
import { exitCodeOfInterruption, onInterruption } from './exit.js';
import { databaseUrl, details } from './help.js';
import type { Progress } from './progress.js';
import { jsonOption, showSummary } from './show.js';

const megabyte = 1_000_000;

export function backupCommand() {
  return new Command('backup')
    .description('copy the database to a file, also while it is in use')
    .argument(
      '<file>',
      'where the copy goes; a file that is there is replaced by a whole copy only',
    )
    .option(...jsonOption)
    .addHelpText(
      'after',
      details({
        notes: [
          'The copy holds all that was answered before it began, and is checked before it takes ' +
            'its place. To restore it, stop the service and let DATABASE_URL name the copy.',
        ],
        environment: databaseUrl,
        exitCodes: {
          0: 'the copy is whole and on disk',
          1: 'it failed; stderr says why, and an earlier copy is as it was',
          [exitCodeOfInterruption]: 'it was interrupted; an earlier copy is as it was',
        },
        examples: (clientele) => [
          `${clientele} backup backup.db`,
          `${clientele} backup backup.db --json`,
        ],
        docs: 'docs/operating.md, "Backups"',
      }),
    )
    .action(async (file, options) => {
      const [{ readConfig }, { backUp }, { showProgress }] = await Promise.all([
        import('../config.js'),
        import('../storage/backup.js'),
        import('./progress.js'),
      ]);
      const { database } = readConfig();
      const startedAt = performance.now();
      const interruption = onInterruption();

      let progress: Progress | undefined;
      try {
        const { customers, bytes } = await backUp({
          database,
          file,
          onProgress(copied, total) {
            progress ??= showProgress(total, 'MB');
            progress.update(Math.round(copied / megabyte), copied);
          },
          signal: interruption,
        });
        progress?.stop();
        const ms = Math.round(performance.now() - startedAt);
        await showSummary({ file, customers, bytes, ms }, options);
      } catch (error) {
        progress?.stop();
        if (!interruption.aborted) throw error;
        console.error(`Interrupted. ${file} is as it was.`);
        process.exitCode = exitCodeOfInterruption;
      }
    });
}
