import Table from 'cli-table3';
import { median } from '../lib/stats.js';
import type { Comparison, Measurement, Profile, Target } from './results.js';
import { isMet, reachesTarget } from './verdict.js';

/** The ratios, with the target beside each. */
export function comparisonTable(comparisons: readonly Comparison[]): string {
  const table = plainTable(['what', 'median', 'range', 'target', 'met'], [1, 2, 3]);
  for (const comparison of comparisons) {
    const { what, values, target, unit } = comparison;
    table.push([
      what,
      `${number(median(values))}${unitText(unit)}`,
      range(values),
      target ? `${targetText(target)}${unitText(unit)}` : '',
      verdict(comparison, comparisons),
    ]);
  }
  return table.toString();
}

function verdict(comparison: Comparison, all: readonly Comparison[]): string {
  const met = isMet(comparison, all);
  if (met === null) return '';
  if (!met) return 'NO';
  return reachesTarget(comparison) ? 'yes' : 'by the other';
}

/** What each came to. */
export function measurementTable(measurements: readonly Measurement[]): string {
  const head = ['section', 'server or way', 'unit', 'median', 'range', 'p50 ms', 'p99 ms'];
  const table = plainTable(head, [3, 4, 5, 6]);
  for (const { section, name, unit, values, p50, p99 } of measurements) {
    table.push([
      section,
      name,
      unit,
      number(median(values)),
      range(values),
      p50 ? number(median(p50)) : '',
      p99 ? number(median(p99)) : '',
    ]);
  }
  return table.toString();
}

/** What each part of the work takes, of all threads together, side by side. */
export function profileTable(parts: readonly string[], profiles: readonly Profile[]): string {
  const columns = profiles.map((_, index) => index + 1);
  const table = plainTable(['µs of a create', ...profiles.map(({ name }) => name)], columns);
  const row = (what: string, value: (profile: Profile) => number) =>
    table.push([what, ...profiles.map((profile) => value(profile).toFixed(1))]);
  for (const part of parts) row(part, (profile) => profile.parts.get(part) ?? 0);
  row('the processor, in all', ({ parts }) => sum([...parts.values()]));
  row('from one answer to the next', ({ perRequest }) => perRequest);
  return table.toString();
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

export function targetText(target: Target): string {
  return 'atLeast' in target ? `≥ ${target.atLeast}` : `≤ ${target.atMost}`;
}

export function number(value: number): string {
  if (value >= 100) return Math.round(value).toLocaleString('en');
  return value >= 10 ? value.toFixed(1) : value.toFixed(2);
}

function range(values: readonly number[]): string {
  return `${number(Math.min(...values))}–${number(Math.max(...values))}`;
}

function unitText(unit: Comparison['unit']): string {
  return unit === 'times' ? ' ×' : ' ms';
}

function plainTable(head: string[], toTheRight: number[]): Table.Table {
  return new Table({
    head,
    colAligns: head.map((_, column) => (toTheRight.includes(column) ? 'right' : 'left')),
    style: { head: [], border: [], compact: true },
  });
}
