import { Command } from '@commander-js/extra-typings';
import { operator } from '../access/viewer.js';
import type { Corporation } from '../corporations/corporation.js';
import { everyNode } from '../paging.js';
import { CommandError } from './exit.js';
import { withServices } from './services.js';
import { show, time } from './show.js';

export function corporationCommand() {
  return new Command('corporation')
    .description('the companies whose customers are kept')
    .addCommand(createCommand())
    .addCommand(listCommand());
}

function createCommand() {
  return new Command('create')
    .description('create a corporation and print its id')
    .requiredOption('--legal-name <name>', 'the name that it is registered under (required)')
    .requiredOption(
      '--jurisdiction <code>',
      'where it is registered, as ISO 3166-1 alpha-2: US (required)',
    )
    .option('--id <id>', 'its id; one is made unless told')
    .option('--json', 'print the corporation as JSON')
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
    .option('--json', 'print them as JSON')
    .action(async (options) => {
      const rows = await withServices(async ({ corporations }) => {
        const rows = [];
        const all = everyNode((page) => corporations.list(operator, page));
        for await (const corporation of all) rows.push(row(corporation));
        return rows;
      });
      show(rows, options);
    });
}

function row({ createdAt, ...corporation }: Corporation) {
  return { ...corporation, createdAt: time(createdAt) };
}
