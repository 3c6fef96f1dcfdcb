import { program } from './paths.js';
import { run } from './processes.js';
import type { LoadResult } from './wrk.js';

/** Rows a second that SQLite takes in batches of 1,000, in a process of its own. */
export async function rawRate(database: string, limit: { seconds: number } | { rows: number }) {
  const [until, value] = Object.entries(limit)[0] as [string, number];
  const { perSecond } = await measured('raw/batches.js', [database, until, String(value)]);
  return perSecond;
}

/** One durable insert after the other, in a process of its own. */
export async function rawInserts(database: string, seconds: number): Promise<LoadResult> {
  const { rows, p50, p99 } = await measured('raw/single.js', [database, String(seconds)]);
  return { requests: rows, perSecond: rows / seconds, p50, p99 };
}

type Measured = { rows: number; perSecond: number; p50: number; p99: number };

async function measured(script: string, args: string[]): Promise<Measured> {
  return JSON.parse(await run(process.execPath, [program(script), ...args]));
}
