import { Command, Help } from '@commander-js/extra-typings';
import { hasColours, type Style, styled } from '../colour.js';
import type { Finding, Outcome } from '../doctor/finding.js';
import { engines } from '../package.js';
import { databaseUrl, details, widthOf } from './help.js';
import { invocation } from './invocation.js';
import { jsonOption, type Row, showRows, visible } from './show.js';

export function doctorCommand() {
  return new Command('doctor')
    .description(
      'say what is wrong with the settings, the database, the disk, the clock or the port',
    )
    .option(...jsonOption)
    .addHelpText(
      'after',
      details({
        notes: [
          'It changes nothing, and may be run while the service runs: give it the same settings. It ' +
            'reads the whole database, some seconds for each GB. Each check is ok, a warning, or a ' +
            'problem, with what to do.',
        ],
        environment: { ...databaseUrl, '…': 'and all others that serve reads' },
        exitCodes: { 0: 'no check found a problem', 1: 'at least one did' },
        examples: (clientele) => [
          `${clientele} doctor`,
          `NODE_ENV=production ${clientele} doctor --json`,
        ],
        docs: 'docs/operating.md, "Doctor"',
      }),
    )
    .action(async (options) => {
      const { diagnose } = await import('../doctor/diagnose.js');
      const checks = diagnose({
        environment: process.env,
        engines: engines.node,
        clientele: invocation(),
      });
      const findings: Finding[] = [];
      const asTheyCome = process.stdout.isTTY && !options.json;
      for await (const finding of checks) {
        if (asTheyCome) console.log(line(finding));
        findings.push(finding);
      }
      if (options.json) console.log(JSON.stringify(findings, null, 2));
      else if (!asTheyCome) await showRows(findings.map(toRow), options);
      if (findings.some(({ outcome }) => outcome === 'problem')) process.exitCode = 1;
    });
}

const styles: Record<Outcome, Style> = { ok: 'green', warning: 'yellow', problem: 'red' };

function toRow({ outcome, check, message, command }: Finding): Row {
  return { outcome, check, message: command ? `${message} ${command}` : message };
}

/** For a terminal, in columns; a command is not broken, so that it can be pasted. */
function line({ check, outcome, message, command }: Finding): string {
  const colour = (text: string) =>
    hasColours(process.stdout) ? styled(styles[outcome], text) : text;
  const width = widthOf(process.stdout) - indent.length;
  const [first = '', ...others] = new Help().boxWrap(visible(message), width).split('\n');
  return [
    `${colour(outcome.padEnd(9))}${check.padEnd(14)}${first}`,
    ...others.map((text) => indent + text),
    ...(command ? [`  ${command}`] : []),
  ].join('\n');
}

const indent = ' '.repeat(9 + 14);
