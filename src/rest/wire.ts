import type { Corporation } from '../corporations/corporation.js';
import type { Address, Customer } from '../customers/customer.js';

/** How REST spells an address; every line is there, null where there is none. */
export type WireAddress = {
  line1: string | null;
  line2: string | null;
  city: string | null;
  state: string | null;
  postal_code: string | null;
  country: string | null;
};

/** How REST spells a customer; times are whole seconds since the epoch. */
export type WireCustomer = {
  id: string;
  name: string;
  email: string | null;
  corporation_id: string;
  created_at: number;
  external_id: string | null;
  shipping_address: WireAddress | null;
  source_platform: string | null;
  source_platform_id: string | null;
  updated_at: number;
  version: number;
};

/** How REST spells a corporation. */
export type WireCorporation = {
  id: string;
  legal_name: string;
  jurisdiction: string;
  created_at: number;
};

export function toWireCustomer(customer: Customer): WireCustomer {
  return {
    id: customer.id,
    name: customer.name,
    email: customer.email,
    corporation_id: customer.corporationId,
    created_at: toSeconds(customer.createdAt),
    external_id: customer.externalId,
    shipping_address: customer.shippingAddress && toWireAddress(customer.shippingAddress),
    source_platform: customer.sourcePlatform,
    source_platform_id: customer.sourcePlatformId,
    updated_at: toSeconds(customer.updatedAt),
    version: customer.version,
  };
}

export function toWireCorporation(corporation: Corporation): WireCorporation {
  return {
    id: corporation.id,
    legal_name: corporation.legalName,
    jurisdiction: corporation.jurisdiction,
    created_at: toSeconds(corporation.createdAt),
  };
}

/** The entity tag (RFC 9110, 8.8.3) of a customer: its version. */
export function entityTag({ version }: Customer): string {
  return `"${version}"`;
}

function toWireAddress({ postalCode, ...address }: Address): WireAddress {
  const { line1, line2, city, state, country } = address;
  return { line1, line2, city, state, postal_code: postalCode, country };
}

function toSeconds(milliseconds: number): number {
  return Math.floor(milliseconds / 1000);
}
