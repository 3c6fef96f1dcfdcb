import { UnavailableError } from '../errors.js';

// One for all, since to find out the stack of an error takes longer than the rest of a refusal.
const overload = new UnavailableError(
  'More requests come in than can be answered. Try again in a moment.',
);

export type Admission = ReturnType<typeof createAdmission>;

/**
 * Admission control: at most `limit` requests are worked on at once, since each is worked on in turn,
 * and more of them would only make all wait. A request counts from when it has come in whole until
 * its answer is made, so that neither slow senders nor slow readers keep anybody out. Once one is
 * refused, so are all that come in the same turn of the event loop, and `onOverload` is called first,
 * to answer those that are in before the others are refused.
 */
export function createAdmission(limit: number, onOverload: () => void) {
  let active = 0;
  let refusing = false;
  const isFull = () => {
    if (!refusing && active >= limit) {
      refusing = true;
      setImmediate(() => {
        refusing = false;
      });
      onOverload();
    }
    return refusing;
  };

  return {
    /** The error that a request which just begins to come in is refused with; null if it is not. */
    refusal: (): UnavailableError | null => (isFull() ? overload : null),

    /** Counts a request that is in whole while `work` makes its answer. Throws `UnavailableError`. */
    async during<T>(work: () => Promise<T>): Promise<T> {
      if (isFull()) throw overload;
      active++;
      try {
        return await work();
      } finally {
        active--;
      }
    },
  };
}
