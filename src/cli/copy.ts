import { Command } from '@commander-js/extra-typings';
import type { Database } from '../storage/database.js';
import { DatabaseUrlError, parseDatabaseUrl } from '../storage/databaseUrl.js';
import { CommandError, exitCodeOfInterruption, onInterruption } from './exit.js';
import { details } from './help.js';
import type { Progress } from './progress.js';
import { jsonOption, showRows } from './show.js';

const units = { compare: 'rows compared', copy: 'rows', verify: 'rows verified' };

export function copyCommand() {
  return new Command('copy')
    .description('copy everything from one database to another, SQLite or PostgreSQL')
    .requiredOption(
      '--from <url>',
      'the database to read, as DATABASE_URL names it',
      parseUrl('--from'),
    )
    .requiredOption(
      '--to <url>',
      'the one to fill; empty, or begun by an earlier copy',
      parseUrl('--to'),
    )
    .option(...jsonOption)
    .addHelpText(
      'after',
      details({
        notes: [
          'Stop the service first: of what is written during a copy some may be missed. ' +
            'Corporations, customers, tokens and the idempotency keys that still count come over ' +
            'as they are, with their ids, versions and times; then both databases are read once ' +
            'more and compared. A copy that was interrupted, even killed, goes on when it is run ' +
            'again. Start no service on the target before a copy has ended with 0.',
        ],
        environment: {
          PGPASSWORD: 'the password of a postgres:// URL that has none',
        },
        exitCodes: {
          0: 'the target has what the source has, and nothing else',
          1: 'it failed; stderr says why and what to do',
          [exitCodeOfInterruption]: 'it was interrupted; run it again to go on',
        },
        examples: (clientele) => [
          `${clientele} copy --from file:data/clientele.db \\`,
          '    --to postgres://clientele@127.0.0.1:5432/clientele',
          `${clientele} copy --from postgres://clientele@127.0.0.1:5432/clientele \\`,
          '    --to file:data/back.db --json',
        ],
        docs: 'docs/operating.md, "On PostgreSQL"',
      }),
    )
    .action(async ({ from, to, ...options }) => {
      const [{ copyDatabase }, { retention }, { showProgress }] = await Promise.all([
        import('../storage/copy.js'),
        import('../idempotency.js'),
        import('./progress.js'),
      ]);
      const interruption = onInterruption();

      let shown: { step: string; progress: Progress } | undefined;
      try {
        const tables = await copyDatabase({
          from,
          to,
          validSince: Date.now() - retention,
          onProgress(step, done, total) {
            if (shown?.step !== step) {
              shown?.progress.stop();
              shown = { step, progress: showProgress(total, units[step]) };
            }
            shown.progress.update(done, done);
          },
          signal: interruption,
        });
        shown?.progress.stop();
        await showRows(tables, options);
      } catch (error) {
        shown?.progress.stop();
        if (!interruption.aborted) throw error;
        console.error('Interrupted. What was copied is kept; run it again to go on.');
        process.exitCode = exitCodeOfInterruption;
      }
    });
}

/** Says what is wrong without the value, which may have a password in it. */
function parseUrl(option: string) {
  return (url: string): Database => {
    try {
      return parseDatabaseUrl(url);
    } catch (error) {
      if (!(error instanceof DatabaseUrlError)) throw error;
      throw new CommandError(`${option} ${error.message}.`);
    }
  };
}
