import { median } from '../lib/stats.js';
import type { Comparison } from './results.js';

/** Whether the target is reached, if there is one, by itself or by another of its group. */
export function isMet(comparison: Comparison, all: readonly Comparison[]): boolean | null {
  if (!comparison.target) return null;
  const { group } = comparison;
  const sufficient = group === undefined ? [comparison] : all.filter((one) => one.group === group);
  return sufficient.some(reachesTarget);
}

/** Whether the median reaches the target by itself. */
export function reachesTarget({ values, target }: Comparison): boolean {
  if (!target) return false;
  const value = median(values);
  return 'atLeast' in target ? value >= target.atLeast : value <= target.atMost;
}
