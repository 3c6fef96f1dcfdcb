import { Command } from '@commander-js/extra-typings';
import { operator } from '../access/viewer.js';
import type { Corporation } from '../corporations/corporation.js';
import { CommandError } from './exit.js';
import { databaseUrl, details, doneOrFailed } from './help.js';
import { withServices } from './services.js';
import { jsonOption, showRows, time } from './show.js';

export function corporationCommand() {
  return new Command('corporation')
    .description('create and list the corporations that customers belong to')
    .addCommand(createCommand())
    .addCommand(listCommand())
    .addHelpText(
      'after',
      details({
        examples: (clientele) => [`${clientele} corporation list`],
        docs: 'docs/operating.md, "Tokens"',
      }),
    );
}

function createCommand() {
  return new Command('create')
    .description('create a corporation and print its id')
    .requiredOption('--legal-name <name>', 'the name that it is registered under (required)')
    .requiredOption(
      '--jurisdiction <code>',
      'the country where it is registered, as ISO 3166-1 alpha-2: US (required)',
    )
    .option('--id <id>', 'its id; one is made unless told')
    .option(...jsonOption)
    .addHelpText(
      'after',
      details({
        environment: databaseUrl,
        exitCodes: doneOrFailed,
        examples: (clientele) => [
          `${clientele} corporation create \\`,
          '    --legal-name Globex --jurisdiction US --id corp_456',
        ],
        docs: 'docs/operating.md, "Tokens"',
      }),
    )
    .action(async ({ id, json, ...input }) => {
      const corporation = await withServices(
        ({ corporations }) => corporations.createWithId({ input, id }),
        { first: true },
      );
      if (!corporation) throw new CommandError(`There is a corporation ${id} already.`);
      console.log(json ? JSON.stringify(row(corporation), null, 2) : corporation.id);
    });
}

function listCommand() {
  return new Command('list')
    .description('show every corporation')
    .option(...jsonOption)
    .addHelpText(
      'after',
      details({
        environment: databaseUrl,
        exitCodes: doneOrFailed,
        examples: (clientele) => [
          `${clientele} corporation list`,
          `${clientele} corporation list --json`,
        ],
        docs: 'docs/operating.md, "Tokens"',
      }),
    )
    .action(async (options) => {
      const { everyNode } = await import('../paging.js');
      const rows = await withServices(async ({ corporations }) => {
        const rows = [];
        const all = everyNode((page) => corporations.list(operator, page));
        for await (const corporation of all) rows.push(row(corporation));
        return rows;
      });
      await showRows(rows, options);
    });
}

function row({ createdAt, ...corporation }: Corporation) {
  return { ...corporation, createdAt: time(createdAt) };
}
