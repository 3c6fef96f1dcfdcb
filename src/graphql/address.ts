import type { Address } from '../customers/customer.js';
import { builder } from './builder.js';

export const AddressType = builder.objectRef<Address>('Address').implement({
  description: 'A postal address. Every line may be missing.',
  fields: (t) => ({
    line1: t.exposeString('line1', {
      nullable: true,
      description: 'Street and number, or PO box.',
    }),
    line2: t.exposeString('line2', {
      nullable: true,
      description: 'Suite, floor, apartment or building.',
    }),
    city: t.exposeString('city', { nullable: true, description: 'City, town or village.' }),
    state: t.exposeString('state', {
      nullable: true,
      description: 'State, province, county or region.',
    }),
    postalCode: t.exposeString('postalCode', {
      nullable: true,
      description: 'Postal code or ZIP code.',
    }),
    country: t.exposeString('country', {
      nullable: true,
      description: 'Country, as ISO 3166-1 alpha-2 in upper case: `US`.',
    }),
  }),
});

export const AddressInput = builder.inputType('AddressInput', {
  description:
    'A postal address. Every line may be left out; blank lines count as left out, and an address with no line at all as none.',
  fields: (t) => ({
    line1: t.string({ description: 'Street and number, or PO box. At most 255 characters.' }),
    line2: t.string({
      description: 'Suite, floor, apartment or building. At most 255 characters.',
    }),
    city: t.string({ description: 'City, town or village. At most 255 characters.' }),
    state: t.string({
      description: 'State, province, county or region. At most 255 characters.',
    }),
    postalCode: t.string({ description: 'Postal code or ZIP code. At most 32 characters.' }),
    country: t.string({
      description: 'Country, as an ISO 3166-1 alpha-2 code in either case: `US`.',
    }),
  }),
});
