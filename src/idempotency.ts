import { createHash } from 'node:crypto';
import { IdempotencyError } from './errors.js';
import type { IdempotencyClaim, Milliseconds } from './storage/storage.js';
import { exactText, optional } from './validation/text.js';

/** A key that makes a call safe to repeat, as its sender chose it. */
export const idempotencyKey = optional(exactText({ max: 255 }));

/** How long a key is remembered, in ms: 24 hours. */
const retention = 24 * 60 * 60 * 1000;

type Call = { tokenId: string; operation: string; key: string | null; input: unknown };

export type Idempotency = ReturnType<typeof createIdempotency>;

/**
 * Safe retries, after https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header:
 * a key belongs to one token and one operation, and is used up by a call that wrote something.
 */
export function createIdempotency(now: () => Milliseconds = Date.now) {
  const inFlight = new Set<string>();

  /**
   * Runs `write` with the claim that storage settles together with the write, or with null when
   * the call has no key. `input` is the input as validated, so spelling and order do not count.
   * Throws `IdempotencyError` when the same key is being worked on or stands for another input.
   */
  return async function once<Outcome extends { outcome: string }>(
    call: Call,
    write: (claim: IdempotencyClaim | null) => Promise<Outcome>,
  ): Promise<Exclude<Outcome, { outcome: 'key-mismatch' }>> {
    if (call.key === null) return settled(await write(null));

    const { tokenId, operation, key } = call;
    const scope = JSON.stringify([tokenId, operation, key]);
    if (inFlight.has(scope)) throw new IdempotencyError('IDEMPOTENCY_IN_FLIGHT');
    inFlight.add(scope);
    try {
      const claimedAt = now();
      const fingerprint = createHash('sha256').update(JSON.stringify(call.input)).digest('hex');
      return settled(
        await write({
          tokenId,
          operation,
          key,
          fingerprint,
          claimedAt,
          validSince: claimedAt - retention,
        }),
      );
    } finally {
      inFlight.delete(scope);
    }
  };
}

function settled<Outcome extends { outcome: string }>(outcome: Outcome) {
  if (outcome.outcome === 'key-mismatch') throw new IdempotencyError('IDEMPOTENCY_MISMATCH');
  return outcome as Exclude<Outcome, { outcome: 'key-mismatch' }>;
}
