import type { InputFieldBuilder } from '@pothos/core';
import { AddressInput } from './address.js';
import type { builder } from './builder.js';

type Types = (typeof builder)['$inferSchemaTypes'];

export const nameDescription =
  'The name to show, of 3 to 255 characters: `Acme Corporation`. White space around it is removed.';

export const externalIdDescription =
  'Your own identifier, of 1 to 255 characters, kept exactly as it is: `ext_456`. No two customers of a corporation have the same.';

/** The fields that a customer may be without, in every input that says what a customer is to be. */
export function optionalFields(t: InputFieldBuilder<Types, 'InputObject'>) {
  return {
    email: t.string({
      description:
        'An e-mail address of at most 254 ASCII characters, with a dot in the domain: `ada@example.com`. White space around it is removed.',
    }),
    shippingAddress: t.field({ type: AddressInput, description: 'Where to ship to.' }),
    sourcePlatform: t.string({
      description:
        'The platform that the customer is imported or synced from, of 1 to 255 characters: `shopify`.',
    }),
    sourcePlatformId: t.string({
      description:
        'What identifies the customer on that platform, of 1 to 255 characters, kept exactly as it is.',
    }),
  };
}
