import { setTimeout as sleep } from 'node:timers/promises';
import { atRest } from './usage.js';

/** A server that creates customers, and how many there are. */
export type Counted = {
  name: string;
  pid: number;
  countRows(): number | Promise<number>;
};

/**
 * Runs load that creates and checks that what was answered is there: a server that answers errors
 * is fast. Throws when the rows are fewer than those answered, or more than those and the ones
 * that were still under way at the end. Resolves when the server is at rest, so that it leaves the
 * machine to the next one.
 */
export async function withRowsChecked<Result extends { requests: number }>(
  { name, pid, countRows }: Counted,
  { perRequest, connections }: { perRequest: number; connections: number },
  run: () => Promise<Result>,
): Promise<Result> {
  const before = await countRows();
  const result = await run();
  const landed = (await settled(countRows)) - before;
  const answered = result.requests * perRequest;
  if (landed < answered || landed > answered + connections * perRequest) {
    throw new Error(`${name} answered ${answered} creates, and ${landed} rows are there.`);
  }
  await atRest(pid);
  return result;
}

/** Waits for what was under way when the load ended. */
async function settled(count: Counted['countRows']): Promise<number> {
  let last = await count();
  for (;;) {
    await sleep(200);
    const now = await count();
    if (now === last) return now;
    last = now;
  }
}
