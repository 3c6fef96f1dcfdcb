import { UnavailableError } from '../../errors.js';
import type { WriteOptions } from '../storage.js';
import { faultOf } from './faults.js';

export type WriteQueue = {
  /** Does a write. Rejects with `UnavailableError` when too many wait for their commit already. */
  write<T>(work: () => Promise<T>): Promise<T>;
  /** Does what no caller waits for; it is finished before the database is let go of. */
  tidy(work: () => Promise<unknown>): void;
  /** How many writes wait for their commit. */
  queued(): number;
  /** Resolves when every write that was accepted is settled. */
  drained(): Promise<void>;
};

export function createWriteQueue({ writeQueueLimit, observer }: WriteOptions): WriteQueue {
  const { waiting } = observer ?? {};
  const tidying = new Set<Promise<unknown>>();
  let queued = 0;
  let whenDrained: (() => void)[] = [];

  return {
    async write(work) {
      if (queued >= writeQueueLimit) {
        throw new UnavailableError('Too many writes are waiting. Try again in a moment.');
      }
      queued++;
      const settled = waiting?.();
      try {
        return await work();
      } finally {
        queued--;
        settled?.();
        if (queued === 0) {
          for (const resolve of whenDrained) resolve();
          whenDrained = [];
        }
      }
    },
    tidy(work) {
      const done = work()
        .catch((error: Error) => {
          // The next write tidies up as well.
          if (faultOf(error) === 'own' && !(error instanceof UnavailableError)) {
            process.emitWarning(error);
          }
        })
        .finally(() => tidying.delete(done));
      tidying.add(done);
    },
    queued: () => queued,
    async drained() {
      if (queued > 0) await new Promise<void>((resolve) => whenDrained.push(resolve));
      await Promise.all(tidying);
    },
  };
}
