import { Presets, SingleBar } from 'cli-progress';

export type Progress = {
  /** `done` is in the unit of `total`. */
  update(rows: number, done: number): void;
  stop(): void;
};

/** Between two lines where there is no terminal, in ms. */
const lineInterval = 5000;

/**
 * Shows on stderr how a long command gets on: a bar with rate and time left on a terminal, a line
 * now and then elsewhere. `total` is null when nobody knows it.
 */
export function showProgress(total: number | null): Progress {
  const startedAt = performance.now();
  const rate = (rows: number) =>
    `${Math.round((rows / (performance.now() - startedAt)) * 1000)} rows/s`;

  if (process.stderr.isTTY && total !== null) {
    const format = '{bar} {percentage}% | {rows} rows | {rate} | {eta_formatted} left';
    const bar = new SingleBar({ format, stream: process.stderr }, Presets.shades_classic);
    bar.start(total, 0, { rows: 0, rate: rate(0) });
    return {
      update: (rows, done) => bar.update(done, { rows, rate: rate(rows) }),
      stop: () => bar.stop(),
    };
  }

  let shownAt = startedAt;
  return {
    update(rows, done) {
      const now = performance.now();
      if (now - shownAt < lineInterval) return;
      shownAt = now;
      const share = total === null ? '' : `, ${Math.floor((done / total) * 100)} %`;
      console.error(`${rows} rows, ${rate(rows)}${share}`);
    },
    stop() {},
  };
}
