import { newId } from '../ids.js';
import type { Customer, Milliseconds } from '../storage/storage.js';

export type { Address, Customer } from '../storage/storage.js';

/** What a customer is made of, beside what is made for it. */
export type CustomerFields = Omit<Customer, 'id' | 'version' | 'createdAt' | 'updatedAt'>;

export function newCustomer(fields: CustomerFields, createdAt: Milliseconds): Customer {
  return { id: newId('cust'), ...fields, version: 1, createdAt, updatedAt: createdAt };
}
