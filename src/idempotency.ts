import { hash } from 'node:crypto';
import { IdempotencyError } from './errors.js';
import type { IdempotencyClaim, Milliseconds } from './storage/storage.js';
import { exactText, optional } from './validation/text.js';

const hour = 60 * 60 * 1000;

/** How long a key is remembered, in ms. */
export const retention = 24 * hour;

/** A key that makes a call safe to repeat, as its sender chose it. */
export const idempotencyKey = optional(exactText({ max: 255 })).meta({
  description: `Makes the call safe to repeat: for ${retention / hour} hours the same key with the same input answers what the first call answered, and does nothing. A random UUID is a good one.`,
});

/** `input` is the input as validated, so that spelling and order make no difference. */
export type IdempotentCall = {
  tokenId: string;
  operation: string;
  key: string | null;
  input: unknown;
};

/** A key that is being worked on, until it is released. Calls without a key have a null claim. */
export type ClaimedKey = { claim: IdempotencyClaim | null; release(): void };

export type Idempotency = ReturnType<typeof createIdempotency>;

/**
 * Safe retries, after https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header:
 * a key belongs to one token and one verb of the service, whichever face calls it, and is used up by a
 * call that wrote something.
 */
export function createIdempotency(now: () => Milliseconds = Date.now) {
  const inFlight = new Set<string>();

  /**
   * Throws `IdempotencyError` when the same key is being worked on already, unless it is by a call that
   * has it in `held`: its items are settled one after the other, so the second is a repeat of the first.
   */
  function claim(
    { tokenId, operation, key, input }: IdempotentCall,
    held = new Set<string>(),
  ): ClaimedKey {
    if (key === null) return { claim: null, release() {} };

    const scope = JSON.stringify([tokenId, operation, key]);
    if (inFlight.has(scope) && !held.has(scope)) {
      throw new IdempotencyError('IDEMPOTENCY_IN_FLIGHT');
    }
    inFlight.add(scope);
    held.add(scope);

    const fingerprint = hash('sha256', JSON.stringify(input), 'hex');
    const claimedAt = now();
    const validSince = claimedAt - retention;
    return {
      claim: { tokenId, operation, key, fingerprint, claimedAt, validSince },
      release: () => inFlight.delete(scope),
    };
  }

  /**
   * Runs `write` with the claim, which storage settles together with the write.
   * Throws `IdempotencyError` when the key is being worked on or stands for another input.
   */
  async function once<Outcome extends { outcome: string }>(
    call: IdempotentCall,
    write: (claim: IdempotencyClaim | null) => Promise<Outcome>,
  ): Promise<Settled<Outcome>> {
    const claimed = claim(call);
    try {
      return settled(await write(claimed.claim));
    } finally {
      claimed.release();
    }
  }

  return { claim, once };
}

type Settled<Outcome> = Exclude<Outcome, { outcome: 'key-mismatch' }>;

/** The outcome of a claimed write. Throws `IdempotencyError` when the key was used otherwise. */
export function settled<Outcome extends { outcome: string }>(outcome: Outcome): Settled<Outcome> {
  if (outcome.outcome === 'key-mismatch') throw new IdempotencyError('IDEMPOTENCY_MISMATCH');
  return outcome as Settled<Outcome>;
}
