import type { Idempotency } from '../idempotency.js';
import type { Milliseconds, Storage } from '../storage/storage.js';
import { createChanges } from './change.js';
import { createCreates } from './create.js';
import { createReads } from './read.js';

/** What may be done with customers. Every verb takes the viewer who asks. */
export type Customers = ReturnType<typeof createCustomers>;

export function createCustomers(
  storage: Storage,
  idempotency: Idempotency,
  now: () => Milliseconds = Date.now,
) {
  return {
    ...createReads(storage),
    ...createCreates(storage, idempotency, now),
    ...createChanges(storage, idempotency, now),
  };
}
