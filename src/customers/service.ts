import type { Idempotency } from '../idempotency.js';
import type { Milliseconds, Storage } from '../storage/storage.js';
import { createChanges } from './change.js';
import { createCreates } from './create.js';
import { createReads } from './read.js';

/** How much one call may list, and how much it may create. */
export type SizeLimits = { pageLimit: number; bulkLimit: number };

/** What may be done with customers. Every verb takes the viewer who asks. */
export type Customers = ReturnType<typeof createCustomers>;

export function createCustomers(
  storage: Storage,
  idempotency: Idempotency,
  limits: SizeLimits,
  now: () => Milliseconds = Date.now,
) {
  return {
    ...createReads(storage, limits),
    ...createCreates(storage, idempotency, limits, now),
    ...createChanges(storage, idempotency, now),
  };
}
