import { isDamage, isOfMachine, toUnavailable } from './faults.js';

/** What the reads and writes so far tell of the database. */
export type Condition = {
  /** Whether the newest thing known is that a write came to disk; false before the first. */
  writable: boolean;
  /** What showed that the file is damaged; null for nothing. */
  damage: unknown;
  /** Takes down a failure, and returns it as `toUnavailable` does. */
  failed(error: unknown): unknown;
};

export function createCondition(): Condition {
  return {
    writable: false,
    damage: null,
    failed(error) {
      if (isOfMachine(error)) this.writable = false;
      if (isDamage(error)) this.damage = error;
      return toUnavailable(error);
    },
  };
}
