import type { ServerResponse } from 'node:http';
import { UnavailableError } from '../errors.js';

// One for all, since to find out the stack of an error takes longer than the rest of a refusal.
const overload = new UnavailableError(
  'More requests come in than can be answered. Try again in a moment.',
);

export type Admission = ReturnType<typeof createAdmission>;

/**
 * Admission control: at most `limit` requests are worked on at once, since each is worked on in turn,
 * and more of them would only make all wait. A request counts from when it has come in whole, so
 * that slow senders keep nobody out.
 */
export function createAdmission(limit: number) {
  let active = 0;
  const end = () => {
    active--;
  };

  return {
    /** The error that a request which just begins to come in is refused with; null if it is not. */
    refusal: (): UnavailableError | null => (active < limit ? null : overload),

    /** Counts a request that is in, until it is answered. Throws `UnavailableError`. */
    begin(outgoing: ServerResponse): void {
      if (active >= limit) throw overload;
      active++;
      outgoing.once('close', end);
    },
  };
}
