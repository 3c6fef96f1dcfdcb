import { Presets, SingleBar } from 'cli-progress';

export type Progress = {
  /** `count` is what is shown; `done` is in the unit of `total`. */
  update(count: number, done: number): void;
  stop(): void;
};

/** Between two lines where there is no terminal, in ms. */
const lineInterval = 5000;

/**
 * Shows on stderr how a long command gets on: a bar with rate and time left on a terminal, a line
 * now and then elsewhere. `total` is null when nobody knows it; `unit` is that of what is counted.
 */
export function showProgress(total: number | null, unit: string): Progress {
  const startedAt = performance.now();
  const rate = (count: number) =>
    `${Math.round((count / (performance.now() - startedAt)) * 1000)} ${unit}/s`;

  if (process.stderr.isTTY && total !== null) {
    const format = `{bar} {percentage}% | {count} ${unit} | {rate} | {eta_formatted} left`;
    const bar = new SingleBar({ format, stream: process.stderr }, Presets.shades_classic);
    bar.start(total, 0, { count: 0, rate: rate(0) });
    return {
      update: (count, done) => bar.update(done, { count, rate: rate(count) }),
      stop: () => bar.stop(),
    };
  }

  let shownAt = startedAt;
  return {
    update(count, done) {
      const now = performance.now();
      if (now - shownAt < lineInterval) return;
      shownAt = now;
      const share = total === null ? '' : `, ${Math.floor((done / total) * 100)} %`;
      console.error(`${count} ${unit}, ${rate(count)}${share}`);
    },
    stop() {},
  };
}
