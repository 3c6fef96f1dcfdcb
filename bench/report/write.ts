import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { results } from '../lib/paths.js';
import { median } from '../lib/stats.js';
import type { Options } from '../options.js';
import { chart } from './chart.js';
import type { MachineFacts } from './facts.js';
import type { SectionResult } from './results.js';
import { isMet } from './verdict.js';

/** Keeps a run, for programs and for the eye. */
export function writeResults(result: SectionResult, machine: MachineFacts, options: Options): void {
  const { comparisons, measurements, notes } = result;
  const { rounds, seconds, importRows, memoryCreates, growthCustomers } = options;
  mkdirSync(results, { recursive: true });
  writeFileSync(
    join(results, 'latest.json'),
    `${JSON.stringify(
      {
        at: new Date().toISOString(),
        machine,
        options: { rounds, seconds, importRows, memoryCreates, growthCustomers },
        comparisons: comparisons.map((comparison) => ({
          ...comparison,
          values: comparison.values.map(rounded),
          median: rounded(median(comparison.values)),
          met: isMet(comparison, comparisons),
        })),
        measurements: measurements.map(({ values, p50, p99, ...rest }) => ({
          ...rest,
          median: rounded(median(values)),
          values: values.map(rounded),
          ...(p50 && { p50: p50.map(rounded) }),
          ...(p99 && { p99: p99.map(rounded) }),
        })),
        notes,
      },
      null,
      2,
    )}\n`,
  );
  const subtitle =
    `50 connections, every answer on disk; medians of ${rounds} rounds. ` +
    `${machine.cpu}, ${machine.cores} cores, Node ${machine.node}, SQLite ${machine.sqlite}.`;
  writeFileSync(join(results, 'latest.svg'), chart(measurements, subtitle));
}

function rounded(value: number): number {
  return Number(value.toPrecision(5));
}
