import type { Bench } from '../bench.js';
import type { Measurement } from '../report/results.js';
import type { LoadResult } from './wrk.js';

/** One of several that take turns. */
export type Turn = {
  name: string;
  unit: string;
  take(): Promise<number | LoadResult>;
};

/**
 * Gives each its turn, round after round, so that what comes over the machine comes over all.
 * Every other round goes backwards, so that none always follows the same one.
 */
export async function takeTurns<Name extends string>(
  { options, say }: Bench,
  section: string,
  turns: Record<Name, Turn>,
): Promise<Record<Name, Measurement>> {
  const entries = Object.entries(turns) as [Name, Turn][];
  const measured = Object.fromEntries(
    entries.map(([key, { name, unit }]) => [key, { section, name, unit, values: [] }]),
  ) as unknown as Record<Name, Measurement>;

  for (let round = 1; round <= options.rounds; round++) {
    for (const [key, turn] of round % 2 ? entries : entries.toReversed()) {
      const result = await turn.take();
      const value = add(measured[key], result);
      say(`${section} ${round}/${options.rounds}  ${turn.name}: ${shown(value)} ${turn.unit}`);
    }
  }
  return measured;
}

function add(measurement: Measurement, result: number | LoadResult): number {
  if (typeof result === 'number') {
    measurement.values.push(result);
    return result;
  }
  if (result.requests === 0) throw new Error(`${measurement.name}: nothing was answered in time.`);
  const value = measurement.unit === 'ms' ? result.p50 : result.perSecond;
  measurement.values.push(value);
  measurement.p50 = [...(measurement.p50 ?? []), result.p50];
  measurement.p99 = [...(measurement.p99 ?? []), result.p99];
  return value;
}

function shown(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString('en') : value.toFixed(2);
}
