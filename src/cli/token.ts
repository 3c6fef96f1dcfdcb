import { Command, InvalidArgumentError } from '@commander-js/extra-typings';
import ms, { type StringValue } from 'ms';
import { CommandError } from './exit.js';
import { databaseUrl, details, doneOrFailed } from './help.js';
import { withServices } from './services.js';
import { jsonOption, showRows, time } from './show.js';

export function tokenCommand() {
  return new Command('token')
    .description('create, list and revoke the bearer tokens that let clients in')
    .addCommand(createCommand())
    .addCommand(listCommand())
    .addCommand(revokeCommand())
    .addHelpText(
      'after',
      details({
        examples: (clientele) => [
          `${clientele} token create --all --name app`,
          `${clientele} token list`,
        ],
        docs: 'docs/operating.md, "Tokens"',
      }),
    );
}

function createCommand() {
  return new Command('create')
    .description('create a token and print it, the only time that it can be seen')
    .requiredOption('--name <name>', 'what it is for (required)', parseName)
    .option(
      '--corporation <id...>',
      'a corporation that it reaches; may be given more than once (this or --all is required)',
    )
    .option('--all', 'let it reach every corporation, also those that come later')
    .option('--read-only', 'let it read but not write')
    .option('--expires <duration>', 'when it ends by itself: 30d, 12h, 90m', parseDuration)
    .option(...jsonOption)
    .addHelpText(
      'after',
      details({
        notes: ['Without --json it prints the token alone, so that a script can take it up.'],
        environment: databaseUrl,
        exitCodes: doneOrFailed,
        examples: (clientele) => [
          `${clientele} token create --all --name app`,
          `${clientele} token create --corporation corp_123 \\`,
          '    --read-only --expires 30d --name report',
        ],
        docs: 'docs/operating.md, "Tokens"',
      }),
    )
    .action(async ({ name, corporation, all, readOnly, expires, json }) => {
      if (!corporation === !all) {
        throw new CommandError('Say what it reaches: either --corporation <id> or --all.');
      }
      const issued = await withServices(({ access }) =>
        access.issue({
          name,
          corporationIds: corporation ?? null,
          right: readOnly ? 'read' : 'write',
          lifetime: expires ?? null,
        }),
      );
      console.log(json ? JSON.stringify(issued, null, 2) : issued.token);
    });
}

function listCommand() {
  return new Command('list')
    .description('show every token: its name, state and reach, but not the token itself')
    .option(...jsonOption)
    .addHelpText(
      'after',
      details({
        environment: databaseUrl,
        exitCodes: doneOrFailed,
        examples: (clientele) => [
          `${clientele} token list`,
          `${clientele} token list | grep active | cut -f 1,2`,
        ],
        docs: 'docs/operating.md, "Tokens"',
      }),
    )
    .action(async (options) => {
      const tokens = await withServices(({ access }) => access.list());
      const rows = tokens.map((token) => ({
        id: token.id,
        name: token.name,
        state: token.state,
        right: token.right,
        corporations: token.corporationIds ?? 'all',
        createdAt: time(token.createdAt),
        expiresAt: time(token.expiresAt),
        revokedAt: time(token.revokedAt),
      }));
      await showRows(rows, options);
    });
}

function revokeCommand() {
  return new Command('revoke')
    .description('end a token: the next request that comes with it is refused')
    .argument('<id>', 'its id, as "token list" shows it')
    .addHelpText(
      'after',
      details({
        environment: databaseUrl,
        exitCodes: doneOrFailed,
        examples: (clientele) => [`${clientele} token revoke tok_01jzq5k8m0e0b9v4x7c2n6r3ta`],
        docs: 'docs/operating.md, "Tokens"',
      }),
    )
    .action(async (id) => {
      const found = await withServices(({ access }) => access.revoke(id));
      if (!found) throw new CommandError(`There is no token ${id}. "token list" shows them all.`);
      console.log(`Revoked ${id}.`);
    });
}

function parseName(value: string): string {
  const name = value.trim();
  if (!name) throw new InvalidArgumentError('It must not be blank.');
  if (/\p{Cc}/u.test(name)) {
    throw new InvalidArgumentError('It must not have control characters.');
  }
  return name;
}

function parseDuration(value: string): number {
  // A number alone would be milliseconds, which nobody means.
  const duration = /^\d+ ?[a-z]+$/i.test(value) ? ms(value as StringValue) : undefined;
  if (!duration || duration > ms('100y')) {
    throw new InvalidArgumentError(
      'It must be a time span with its unit, of at most 100y: 30d, 12h or 90m.',
    );
  }
  return duration;
}
