import type { Corporation } from '../../corporations/corporation.js';
import type { Customer } from '../../customers/customer.js';
import { customerCursor } from '../../customers/input.js';
import { toWireCorporation, toWireCustomer } from '../wire.js';

/** What the examples tell of, as the service has it: the wire's form is made as for any other. */
export const corporation: Corporation = {
  id: 'corp_123',
  legalName: 'Globex Corporation',
  jurisdiction: 'US',
  createdAt: Date.UTC(2026, 0, 5, 9, 30),
};

export const customer: Customer = {
  id: 'cust_01ke6yfh4se6tvqa4yj0d8v1rn',
  corporationId: corporation.id,
  name: 'Acme Corporation',
  email: 'accounts@acme.example',
  externalId: 'crm-4711',
  shippingAddress: {
    line1: '500 Harbor Way',
    line2: null,
    city: 'Portland',
    state: 'OR',
    postalCode: '97209',
    country: 'US',
  },
  sourcePlatform: null,
  sourcePlatformId: null,
  version: 1,
  createdAt: Date.UTC(2026, 0, 6, 14, 12, 9),
  updatedAt: Date.UTC(2026, 0, 6, 14, 12, 9),
};

/** The same customer after a change. */
export const changedCustomer: Customer = {
  ...customer,
  name: 'Acme Incorporated',
  email: null,
  version: 2,
  updatedAt: Date.UTC(2026, 1, 2, 8, 0, 30),
};

/** What creates the customer. */
export const customerBody = {
  corporation_id: customer.corporationId,
  name: customer.name,
  email: customer.email,
  external_id: customer.externalId,
  shipping_address: {
    line1: '500 Harbor Way',
    city: 'Portland',
    state: 'OR',
    postal_code: '97209',
    country: 'US',
  },
};

export const requestId = '4f1d7c5e-6a0b-4a57-9a39-2d0c8b1f6e73';
export const idempotencyKey = '7b0a3a3e-0a52-4c0d-9d0c-8a4b8f2f6c11';
export const cursor = customerCursor.encode(customer.id);

export function customerReply(of: Customer, message: string) {
  const data = toWireCustomer(of);
  return { ...data, data, message };
}

export function corporationReply(message: string) {
  return { data: toWireCorporation(corporation), message };
}
