import { Command, type CommandUnknownOpts } from '@commander-js/extra-typings';
import { hasColours } from '../colour.js';
import { backupCommand } from './backup.js';
import { copyCommand } from './copy.js';
import { corporationCommand } from './corporation.js';
import { doctorCommand } from './doctor.js';
import { exportCommand } from './export.js';
import { asSentence, databaseUrl, details, helpConfiguration, widthOf } from './help.js';
import { importCommand } from './import.js';
import { invocation } from './invocation.js';
import { migrateCommand } from './migrate.js';
import { serveCommand } from './serve.js';
import { tokenCommand } from './token.js';

/** The whole command line. */
export function createProgram(version: string): Command {
  const program = new Command(invocation())
    .description(
      'The customer service that a company runs for itself: GraphQL and REST over SQLite or PostgreSQL.',
    )
    .version(version, '-V, --version', 'print the version')
    .usage('[options] <command>')
    .commandsGroup('Run the service:')
    .addCommand(serveCommand())
    .addCommand(doctorCommand())
    .addCommand(migrateCommand())
    .commandsGroup('Say who may call:')
    .addCommand(corporationCommand())
    .addCommand(tokenCommand())
    .commandsGroup('Move customers in and out:')
    .addCommand(importCommand())
    .addCommand(exportCommand())
    .addCommand(backupCommand())
    .addCommand(copyCommand())
    .commandsGroup('Get help:')
    .addCommand(helpCommand())
    .helpCommand(false)
    .addHelpText(
      'after',
      details({
        notes: [
          'Every command but serve and copy works on the database while the service runs. On a terminal ' +
            'lists are tables; elsewhere each row is a line with tabs between its values, and with ' +
            '--json there is JSON. Colours are for terminals only, unless FORCE_COLOR is set, and ' +
            'never where NO_COLOR is.',
        ],
        environment: {
          ...databaseUrl,
          NO_COLOR: 'show no colours',
        },
        examples: (clientele) => [
          `${clientele} serve`,
          `${clientele} token create --all --name app`,
          `${clientele} help token create`,
        ],
        docs: 'README.md, "Settings"',
      }),
    );
  configure(program);
  return program;
}

/** Help and errors in one form; `addCommand` does not hand these settings on. */
function configure(command: CommandUnknownOpts, path: string[] = []): void {
  command
    .helpOption('-h, --help', 'show this help')
    .configureHelp(helpConfiguration)
    .configureOutput({
      getOutHelpWidth: () => widthOf(process.stdout),
      getErrHelpWidth: () => widthOf(process.stderr),
      getOutHasColors: () => hasColours(process.stdout),
      getErrHasColors: () => hasColours(process.stderr),
      outputError: (text, write) =>
        write(text.replace(/^error: (.*)/, (_, first: string) => asSentence(first))),
    })
    .showHelpAfterError(`See: ${[invocation(), ...path].join(' ')} --help`);
  if (path.length > 0 && command.commands.length > 0) {
    command.usage('<command>').helpCommand('help [command]', 'show the help of a command');
  }
  for (const child of command.commands) configure(child, [...path, child.name()]);
}

function helpCommand() {
  return new Command('help')
    .description('show the help of a command')
    .argument('[command...]', 'its name, with that of the command it belongs to: token create')
    .addHelpText(
      'after',
      details({
        examples: (clientele) => [`${clientele} help import`, `${clientele} help token create`],
        docs: 'docs/operating.md, "Tokens"',
      }),
    )
    .action((names, _, self) => {
      let command = self.parent as CommandUnknownOpts;
      for (const name of names) {
        const found = command.commands.find((child) => child.name() === name);
        if (!found) command.error(`error: unknown command '${name}'`);
        else command = found;
      }
      command.outputHelp();
    });
}
