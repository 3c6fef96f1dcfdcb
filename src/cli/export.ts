import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Command, Option } from '@commander-js/extra-typings';
import { operator } from '../access/viewer.js';
import { formatOf, formats } from '../transfer/format.js';
import { CommandError, exitCodeOfInterruption, onInterruption } from './exit.js';
import { databaseUrl, details, doneOrFailed } from './help.js';
import { withServices } from './services.js';

export function exportCommand() {
  return new Command('export')
    .description('write customers to a file that import reads back to the same rows')
    .argument('[file]', 'NDJSON or CSV; - for stdout', '-')
    .option('--corporation <id>', 'the corporation whose customers to write; all by default')
    .addOption(
      new Option('--format <format>', 'the format; the name of the file tells it').choices(formats),
    )
    .addHelpText(
      'after',
      details({
        notes: ['A file that is there is replaced, but only by a whole one.'],
        environment: databaseUrl,
        exitCodes: {
          ...doneOrFailed,
          [exitCodeOfInterruption]: 'it was interrupted; the file is as it was',
        },
        examples: (clientele) => [
          `${clientele} export customers.csv`,
          `${clientele} export customers.ndjson --corporation corp_123`,
          `${clientele} export | gzip > customers.ndjson.gz`,
        ],
        docs: 'docs/operating.md, "Files of customers"',
      }),
    )
    .action(async (file, options) => {
      const toStdout = file === '-';
      const format = options.format ?? (toStdout ? 'ndjson' : formatOf(file));
      if (!format) throw new CommandError('Say --format ndjson or --format csv.');

      const { everyCustomer, writeRows } = await import('../transfer/export.js');
      await withServices(async (services) => {
        const { corporation } = options;
        if (corporation && !(await services.corporations.byId(operator, corporation))) {
          throw new CommandError(`There is no corporation ${corporation}.`);
        }
        const rows = writeRows(everyCustomer(services, corporation), format);
        if (toStdout) await pipeline(rows, process.stdout, { end: false }).catch(unlessClosed);
        else await writeWhole(file, rows);
      });
    });
}

/**
 * Puts the file in its place when it is complete, so that an earlier one stands until then, also when it is
 * interrupted.
 */
async function writeWhole(file: string, rows: Readable): Promise<void> {
  const partial = `${file}.partial`;
  const interruption = onInterruption();
  try {
    await pipeline(rows, createWriteStream(partial), { signal: interruption });
    await rename(partial, file);
  } catch (error) {
    await rm(partial, { force: true });
    if (interruption.aborted) {
      console.error(`Interrupted. ${file} is as it was.`);
      process.exitCode = exitCodeOfInterruption;
      return;
    }
    const reason = error instanceof Error ? error.message : String(error);
    throw new CommandError(`The export cannot be written to ${file}: ${reason}.`, { cause: error });
  }
}

/** Whoever reads stdout may have had enough, as `head` has. */
function unlessClosed(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
}
