import type { Address } from '../customers/customer.js';
import { builder } from './builder.js';

export const AddressType = builder.objectRef<Address>('Address').implement({
  description: 'A postal address. Each line that was not given is null; at least one was.',
  fields: (t) => ({
    line1: t.exposeString('line1', {
      nullable: true,
      description: 'Street and number, or PO box: `123 Main St`.',
    }),
    line2: t.exposeString('line2', {
      nullable: true,
      description: 'Suite, floor, apartment or building: `Suite 100`.',
    }),
    city: t.exposeString('city', { nullable: true, description: 'City, town or village.' }),
    state: t.exposeString('state', {
      nullable: true,
      description: 'State, province, county or region, as it was given: `CA`.',
    }),
    postalCode: t.exposeString('postalCode', {
      nullable: true,
      description: 'Postal code or ZIP code: `94105`.',
    }),
    country: t.exposeString('country', {
      nullable: true,
      description: 'Country, as ISO 3166-1 alpha-2 in upper case: `US`.',
    }),
  }),
});

export const AddressInput = builder.inputType('AddressInput', {
  description:
    'A postal address. Every line may be left out or null; blank lines count as left out, and an address with no line at all as none. White space around a line is removed.',
  fields: (t) => ({
    line1: t.string({
      description: 'Street and number, or PO box: `123 Main St`. At most 255 characters.',
    }),
    line2: t.string({
      description: 'Suite, floor, apartment or building: `Suite 100`. At most 255 characters.',
    }),
    city: t.string({ description: 'City, town or village. At most 255 characters.' }),
    state: t.string({
      description: 'State, province, county or region: `CA`. At most 255 characters.',
    }),
    postalCode: t.string({
      description: 'Postal code or ZIP code: `94105`. At most 32 characters.',
    }),
    country: t.string({
      description:
        'Country, as an ISO 3166-1 alpha-2 code in either case: `US`. It is kept in upper case.',
    }),
  }),
});
