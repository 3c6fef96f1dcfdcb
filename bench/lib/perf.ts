import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { start } from './processes.js';

/** A function, and the file of the machine code it is in. */
export type Frame = { symbol: string; object: string };

/** Looks a second at each thread that runs: more of them take time themselves. */
export const frequency = 997;

/** How long, in ms, `perf` is given to look at every thread. */
const attaching = 500;

/** What makes V8 tell `perf` the names of its functions; for `NODE_OPTIONS`. */
export const withNames = '--perf-basic-prof';

export function isPerfInstalled(): boolean {
  return spawnSync('perf', ['--version']).error === undefined;
}

/**
 * Looks at a process while `work` goes on, and keeps what it saw in a file. Throws when `perf` cannot, or did
 * not until the end: it needs the right to see the kernel (root, or `kernel.perf_event_paranoid` of 1 or less).
 */
export async function record<T>(pid: number, file: string, work: () => Promise<T>): Promise<T> {
  const perf = start(
    'perf',
    ['record', '-q', '-g', '-e', 'cpu-clock', `-F${frequency}`, '-o', file, '-p', String(pid)],
    {
      stdio: ['ignore', 'ignore', 'inherit'],
      signals: { stop: 'SIGINT', end: 'SIGKILL' },
    },
  );
  const ended = once(perf, 'exit');
  await Promise.race([sleep(attaching), ended]);
  if (perf.exitCode !== null) throw new Error('perf cannot look at the process.');
  const result = await work();
  if (perf.exitCode !== null) throw new Error('perf ended before the load did.');
  perf.kill('SIGINT');
  await ended;
  return result;
}

/** What ran each time, the innermost first. Throws when the file cannot be read. */
export async function* samplesIn(file: string): AsyncGenerator<Frame[]> {
  const perf = start('perf', ['script', '-i', file, '-F', 'tid,ip,sym,dso'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  if (!perf.stdout) return;
  const ended = once(perf, 'exit');
  let frames: Frame[] | null = null;
  for await (const line of createInterface({ input: perf.stdout })) {
    if (line.trim() === '') {
      if (frames) yield frames;
      frames = null;
    } else if (!frames) {
      // The first line names the thread.
      frames = [];
    } else {
      const [, symbol = '', object = ''] =
        /^\s*[\da-f]+ (.*?)(?:\+0x[\da-f]+)? \((.*)\)$/.exec(line) ?? [];
      frames.push({ symbol, object });
    }
  }
  if (frames) yield frames;
  const [code] = await ended;
  if (code !== 0) throw new Error(`perf cannot read ${file}.`);
}

/** Takes the names that V8 writes for `perf` away when this process ends. */
export function removeNamesAtEnd(pid: number): void {
  process.on('exit', () => rmSync(`/tmp/perf-${pid}.map`, { force: true }));
}
