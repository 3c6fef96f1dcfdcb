import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** How much of the machine's memory a process holds, in MiB. */
export function residentMemory(pid: number): number {
  const kibibytes =
    process.platform === 'linux'
      ? /^VmRSS:\s*(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
      : ps('rss', pid);
  return Number(kibibytes) / 1024;
}

/** Between two looks, in ms, and how many of them may find a process busy. */
const [interval, patience] = [500, 1000];

/** Resolves when a process no longer works at anything, such as at an index of what came in. */
export async function atRest(pid: number): Promise<void> {
  let last = processorTime(pid);
  for (let looks = 0; looks < patience; looks++) {
    await sleep(interval);
    const now = processorTime(pid);
    // A process that only waits takes a little for its timers.
    if (now - last < 0.04) return;
    last = now;
  }
  throw new Error(`Process ${pid} does not come to rest.`);
}

/** In seconds. */
function processorTime(pid: number): number {
  if (process.platform === 'linux') {
    // Behind the name of the program, which may hold spaces, the 12th and 13th field (proc(5)).
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
  }
  // Days apart, as "12:34:56.78" or less.
  return ps('time', pid)
    .trim()
    .split(':')
    .reduce((sum, part) => sum * 60 + Number(part), 0);
}

/** The same on all that Node runs on. */
const ticksPerSecond = 100;

function ps(field: string, pid: number): string {
  return execFileSync('ps', ['-o', `${field}=`, '-p', String(pid)], { encoding: 'utf8' });
}
