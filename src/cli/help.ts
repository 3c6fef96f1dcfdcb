import type { WriteStream } from 'node:tty';
import {
  type AddHelpTextContext,
  type CommandUnknownOpts,
  Help,
  type HelpConfiguration,
} from '@commander-js/extra-typings';
import { styled } from '../colour.js';

export type HelpDetails = {
  /** More about the command, in paragraphs. */
  notes?: string[];
  /** Environment variables that it reads, each with what it says. */
  environment?: Record<string, string>;
  /** What each exit code means. */
  exitCodes?: Record<number, string>;
  /** Command lines that work as they stand; `clientele` is how this one was called. */
  examples: (clientele: string) => string[];
  /** The file and its section that say more. */
  docs: string;
};

/** The variable that every command reads which opens the database. */
export const databaseUrl = { DATABASE_URL: 'the database; file:data/clientele.db by default' };

/** The exit codes of a command that has no others. */
export const doneOrFailed = { 0: 'it is done', 1: 'it failed; stderr says why and what to do' };

/** What a command's help says below its options, in the same columns. */
export function details({ notes, environment, exitCodes, examples, docs }: HelpDetails) {
  return ({ command }: Pick<AddHelpTextContext, 'command'>): string => {
    const helper = command.createHelp();
    const helpWidth = widthOf(process.stdout);
    helper.prepareContext({ helpWidth });
    const width = helper.padWidth(command, helper);
    const list = (heading: string, items: Record<string, string> = {}) =>
      helper.formatItemList(
        heading,
        Object.entries(items).map(([term, text]) => helper.formatItem(term, width, text, helper)),
        helper,
      );
    const paragraphs = (notes ?? []).flatMap((text) => [helper.boxWrap(text, helpWidth), '']);
    return [
      '',
      ...paragraphs,
      ...list('Environment:', environment),
      ...list('Exit codes:', exitCodes),
      helper.styleTitle('Examples:'),
      ...examples(rootOf(command).name()).map((line) => `  ${line}`),
      '',
      `${helper.styleTitle('Docs:')} ${docs}`,
    ].join('\n');
  };
}

/** How the help of every command is laid out. */
export const helpConfiguration: HelpConfiguration = {
  styleTitle: (title) => styled('bold', title),
  commandDescription: (command) => asSentence(command.description()),
  subcommandTerm: (command) =>
    `${command.name()} ${command.usage()}`.replaceAll(/ \[(?:options|command)\]/g, ''),
  // So that the names of variables fit into the first column too.
  padWidth: (command, helper) =>
    Math.max(Help.prototype.padWidth(command, helper), 'DATABASE_URL'.length),
};

/** Lines that are longer are hard to read, however wide the terminal is. */
const widest = 100;

/** How wide text for people may be. */
export function widthOf({ isTTY, columns }: WriteStream): number {
  return isTTY ? Math.min(columns || 80, widest) : 80;
}

/** What begins small, as a sentence of its own. */
export function asSentence(text: string): string {
  const sentence = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.?!)]\s*$/.test(sentence) ? sentence : sentence.replace(/\s*$/, '.$&');
}

function rootOf(command: CommandUnknownOpts): CommandUnknownOpts {
  return command.parent ? rootOf(command.parent) : command;
}
