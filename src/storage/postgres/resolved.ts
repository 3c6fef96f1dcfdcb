import { OutcomeUnknownError } from '../../errors.js';
import type { IdempotencyClaim, KeyMismatch, Written } from '../storage.js';
import { type Idempotency, resolvedBy } from './idempotency.js';
import type { Run } from './run.js';
import type { WriteQueue } from './writeQueue.js';

/**
 * Does a write that keeps the record of a key, and sweeps expired ones after it. When nobody knows what
 * came of it, the record tells; rejects with `OutcomeUnknownError` where there is none.
 */
export type Resolved = <T, Outcome>(
  claim: IdempotencyClaim | null,
  write: () => Promise<Outcome>,
) => Promise<Outcome | Written<T> | KeyMismatch>;

export function createResolved(run: Run, queue: WriteQueue, idempotency: Idempotency): Resolved {
  return async <T, Outcome>(claim: IdempotencyClaim | null, write: () => Promise<Outcome>) => {
    try {
      const outcome = await write();
      if (claim) {
        queue.tidy(() => run.once((client) => idempotency.sweep(client, claim.validSince, 1)));
      }
      return outcome;
    } catch (error) {
      if (!(error instanceof OutcomeUnknownError) || !claim) throw error;
      const record = await run.read((client) => idempotency.find(client, claim)).catch(() => null);
      if (!record) throw error;
      return resolvedBy<T>(record, claim);
    }
  };
}
