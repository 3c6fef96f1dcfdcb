import { type Finding, ok, problem, warning } from './finding.js';

/** How far, in ms, rows may be ahead of a clock that is kept right by small steps. */
const tolerance = 10_000;

export type ClockFacts = {
  /** What the clock says. */
  now: number;
  /** When the newest part of this version was made; no clock that is right is before that. */
  madeAt: number;
  /** When the newest row was written by its own account; null for none. */
  newestRow: number | null;
};

/** Whether the clock can be right, by what is known without asking another machine; all in ms. */
export function checkClock({ now, madeAt, newestRow }: ClockFacts): Finding {
  const time = (at: number) => new Date(at).toISOString();
  if (now < madeAt) {
    return problem(
      'clock',
      `The clock says ${time(now)}, which is before this version was made. Set it, or let NTP do so.`,
    );
  }
  if (newestRow !== null && newestRow > now + tolerance) {
    return warning(
      'clock',
      `The newest row is of ${time(newestRow)}, but the clock says ${time(now)}. If the clock is ` +
        'behind, set it, or let NTP do so; if it was ahead once, this passes by itself.',
    );
  }
  return ok('clock', `It says ${time(now)}, and no row is later.`);
}
