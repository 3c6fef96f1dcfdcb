import { createReadStream } from 'node:fs';
import { type FileHandle, open, realpath, rm, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Command, Option } from '@commander-js/extra-typings';
import { operator } from '../access/viewer.js';
import { formatOf, formats } from '../transfer/format.js';
import type { ImportCounts, Rejection } from '../transfer/import.js';
import { CommandError, exitCodeOfInterruption } from './exit.js';
import { databaseUrl, details } from './help.js';
import { withServices } from './services.js';
import { jsonOption, showSummary } from './show.js';

/** Some rows were brought in and others rejected. */
const exitCodeOfRejections = 2;

export function importCommand() {
  return new Command('import')
    .description('bring in customers from a file, any number of them')
    .argument('<file>', 'NDJSON or CSV in the spelling of the REST API; - for stdin')
    .option('--corporation <id>', 'the corporation of rows that have no corporation_id')
    .option('--source-platform <name>', 'the platform of rows that have no source_platform')
    .addOption(
      new Option('--format <format>', 'the format; the name of the file tells it').choices(formats),
    )
    .option('--rejected <file>', 'where rejected rows go; beside the file by default')
    .option(...jsonOption)
    .addHelpText(
      'after',
      details({
        notes: [
          'A row with an "id" or an "external_id" makes that customer what it says, or creates it; ' +
            'what it leaves out is cleared. Any other row creates a customer, once, however often ' +
            'the same file is imported within 24 hours: an import that was interrupted can be run ' +
            'again as it was.',
        ],
        environment: databaseUrl,
        exitCodes: {
          0: 'all rows are in',
          1: 'it failed; stderr says why and what to do',
          [exitCodeOfRejections]: 'all rows are in but those that were rejected',
          [exitCodeOfInterruption]: 'it was interrupted; run it again to go on',
        },
        examples: (clientele) => [
          `${clientele} import customers.csv \\`,
          '    --corporation corp_123 --source-platform shopify',
          `gunzip -c customers.ndjson.gz | ${clientele} import -`,
        ],
        docs: 'docs/operating.md, "Files of customers"',
      }),
    )
    .action(async (file, options) => {
      const [{ importRows }, { FileError, readRows }, { showProgress }] = await Promise.all([
        import('../transfer/import.js'),
        import('../transfer/rows.js'),
        import('./progress.js'),
      ]);
      const fromStdin = file === '-';
      const format = options.format ?? (fromStdin ? 'ndjson' : formatOf(file));
      if (!format) throw new CommandError('Say --format ndjson or --format csv.');
      const size = fromStdin ? null : await sizeOf(file);
      const source = fromStdin ? process.stdin : createReadStream(file);
      // Whoever reads the rows is told of a file that cannot be opened, but does not listen yet.
      source.on('error', () => {});
      const rejectedPath = options.rejected ?? `${fromStdin ? 'import' : file}.rejected.ndjson`;

      if (!fromStdin && (await realpath(file)) === (await realOrResolved(rejectedPath))) {
        throw new CommandError('--rejected must not be the file that is imported.');
      }

      let interrupted = false;
      const interrupt = () => {
        interrupted = true;
        source.destroy();
      };
      process.once('SIGINT', interrupt).once('SIGTERM', interrupt);

      const rejected = createRejectedFile(rejectedPath);
      const progress = showProgress(size, 'rows');
      let bytes = 0;
      let counts: ImportCounts = { rows: 0, created: 0, updated: 0, repeated: 0, rejected: 0 };
      let begun = false;
      try {
        await withServices(async (services) => {
          const { corporation } = options;
          if (corporation && !(await services.corporations.byId(operator, corporation))) {
            throw new CommandError(`There is no corporation ${corporation}.`);
          }
          await rejected.clear();
          begun = true;
          const rows = readRows(counted(source), format);
          const defaults = {
            corporationId: corporation,
            sourcePlatform: options.sourcePlatform,
          };
          for await (counts of importRows(rows, services, defaults, rejected.add)) {
            progress.update(counts.rows, bytes);
            if (interrupted) break;
          }
        });
      } catch (error) {
        // An interruption breaks the file off, which is no fault of it.
        if (!(interrupted && error instanceof FileError)) throw error;
      } finally {
        progress.stop();
        await rejected.close();
        if (begun) await showSummary({ ...counts }, options);
      }
      if (interrupted) {
        console.error('Interrupted. What is counted is in; run it again to go on.');
        process.exitCode = exitCodeOfInterruption;
      } else if (counts.rejected > 0) {
        console.error(`Rejected rows are in ${rejectedPath}, with what is wrong with each.`);
        process.exitCode = exitCodeOfRejections;
      }

      async function* counted(chunks: AsyncIterable<Buffer>) {
        for await (const chunk of chunks) {
          bytes += chunk.length;
          yield chunk;
        }
      }
    });
}

async function sizeOf(file: string): Promise<number> {
  try {
    return (await stat(file)).size;
  } catch {
    throw new CommandError(`There is no file ${file} that can be read.`);
  }
}

async function realOrResolved(path: string): Promise<string> {
  return realpath(path).catch(() => resolve(path));
}

/** A file that is there only when a row was rejected. */
function createRejectedFile(path: string) {
  let handle: FileHandle | null = null;
  const written = async (write: () => Promise<unknown>) => {
    try {
      await write();
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new CommandError(`Rejected rows cannot be written to ${path}: ${reason}.`);
    }
  };
  return {
    clear: () => written(() => rm(path, { force: true })),
    add: (rejection: Rejection) =>
      written(async () => {
        handle ??= await open(path, 'w');
        await handle.write(`${JSON.stringify(rejection)}\n`);
      }),
    close: async () => handle?.close(),
  };
}
