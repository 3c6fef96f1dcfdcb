import { type Access, createAccess } from './access/access.js';
import { type Corporations, createCorporations } from './corporations/service.js';
import { type Customers, createCustomers } from './customers/service.js';
import { createIdempotency } from './idempotency.js';
import type { Storage } from './storage/storage.js';

/** What the faces and the command line may call. */
export type Services = { access: Access; customers: Customers; corporations: Corporations };

export function createServices(storage: Storage): Services {
  const idempotency = createIdempotency();
  return {
    access: createAccess(storage),
    customers: createCustomers(storage, idempotency),
    corporations: createCorporations(storage, idempotency),
  };
}
