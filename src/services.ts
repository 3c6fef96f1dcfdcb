import { type Access, createAccess } from './access/access.js';
import { type Corporations, createCorporations } from './corporations/service.js';
import { defaultBulkLimit } from './customers/input.js';
import { type Customers, createCustomers, type SizeLimits } from './customers/service.js';
import { createIdempotency } from './idempotency.js';
import { defaultPageLimit } from './paging.js';
import type { Storage } from './storage/storage.js';

/** What the faces and the command line may call. */
export type Services = { access: Access; customers: Customers; corporations: Corporations };

const defaultLimits: SizeLimits = {
  pageLimit: defaultPageLimit,
  bulkLimit: defaultBulkLimit,
};

export function createServices(storage: Storage, limits = defaultLimits): Services {
  const idempotency = createIdempotency();
  return {
    access: createAccess(storage),
    customers: createCustomers(storage, idempotency, limits),
    corporations: createCorporations(storage, idempotency, limits),
  };
}
