import Table from 'cli-table3';
import { median } from '../lib/stats.js';
import type { Comparison, Measurement, Target } from './results.js';
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
