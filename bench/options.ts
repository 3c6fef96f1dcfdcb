import { parseArgs } from 'node:util';

export const sectionNames = [
  'create',
  'read',
  'bulk',
  'import',
  'single',
  'start',
  'memory',
  'growth',
  'overload',
  'postgres',
] as const;

/** Those that have every server between them and do not take long. */
const sectionsOfSmoke = [
  'create',
  'read',
  'bulk',
  'import',
  'start',
  'overload',
  'postgres',
] as const;

export type SectionName = (typeof sectionNames)[number];

export type Options = {
  sections: readonly SectionName[];
  /** How often each server gets its turn. */
  rounds: number;
  /** How long one turn lasts. */
  seconds: number;
  /** Looks whether everything works, in short turns, and judges no time. */
  smoke: boolean;
  importRows: number;
  memoryCreates: number;
  growthCustomers: number;
};

export const usage = `Usage: node bench/dist/run.js [section…] [options]

Sections, all unless told: ${sectionNames.join(' ')}

  --rounds N              how often each server gets its turn (5)
  --seconds N             how long one turn lasts (4)
  --smoke                 every server for a second, to see that it works; judges no time
  --import-rows N         rows of the file in "import" (100000)
  --memory-creates N      creates in "memory" (1000000)
  --growth-customers N    customers of the large database in "growth" (1000000)`;

/** The options make no sense; the message says why. */
export class UsageError extends Error {}

/** Reads the command line; null when it asks for help. */
export function readOptions(args: string[]): Options | null {
  const { values, positionals } = parse(args);
  if (values.help) return null;

  const smoke = values.smoke ?? false;
  return {
    sections: sections(positionals, smoke),
    rounds: wholeNumber('rounds', values.rounds, smoke ? 1 : 5),
    seconds: wholeNumber('seconds', values.seconds, smoke ? 1 : 4),
    smoke,
    importRows: wholeNumber('import-rows', values['import-rows'], smoke ? 1000 : 100_000),
    memoryCreates: wholeNumber(
      'memory-creates',
      values['memory-creates'],
      smoke ? 20_000 : 1_000_000,
    ),
    growthCustomers: wholeNumber(
      'growth-customers',
      values['growth-customers'],
      smoke ? 10_000 : 1_000_000,
    ),
  };
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        rounds: { type: 'string' },
        seconds: { type: 'string' },
        smoke: { type: 'boolean' },
        'import-rows': { type: 'string' },
        'memory-creates': { type: 'string' },
        'growth-customers': { type: 'string' },
        help: { type: 'boolean' },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function sections(given: string[], smoke: boolean): readonly SectionName[] {
  const unknown = given.filter((name) => !sectionNames.some((section) => section === name));
  if (unknown.length > 0) throw new UsageError(`There is no section ${unknown.join(', ')}.`);
  const all = smoke ? sectionsOfSmoke : sectionNames;
  return given.length === 0 ? all : sectionNames.filter((name) => given.includes(name));
}

/** Throws `UsageError`. */
export function wholeNumber(name: string, value: string | undefined, fallback: number): number {
  if (value === undefined) return fallback;
  if (!/^[1-9]\d{0,8}$/.test(value)) {
    throw new UsageError(`--${name} must be a whole number, 1 or more.`);
  }
  return Number(value);
}
