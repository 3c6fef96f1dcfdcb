import type { CreatedCustomer } from '../customers/create.js';
import { ConflictError } from '../customers/errors.js';
import { IdempotencyError, InvalidInputError } from '../errors.js';
import { AddressInput } from './address.js';
import { builder } from './builder.js';
import { Customer } from './customer.js';
import { idempotencyKeyField, replayedDescription } from './idempotency.js';

export const CreateCustomerInput = builder.inputType('CreateCustomerInput', {
  description: 'A customer to create. Optional fields may be left out or null.',
  fields: (t) => ({
    corporationId: t.id({
      required: true,
      description: 'The corporation that the customer will belong to.',
    }),
    name: t.string({
      required: true,
      description: 'The name to show, of 3 to 255 characters. White space around it is taken away.',
    }),
    email: t.string({
      description:
        'An e-mail address of at most 254 characters. White space around it is taken away.',
    }),
    externalId: t.string({
      description:
        'Your own identifier, of 1 to 255 characters, kept exactly as it is. No two customers of a corporation have the same.',
    }),
    shippingAddress: t.field({ type: AddressInput, description: 'Where to ship to.' }),
    sourcePlatform: t.string({
      description:
        'The platform that the customer is imported or synced from, of 1 to 255 characters: `shopify`.',
    }),
    sourcePlatformId: t.string({
      description: 'What identifies the customer on that platform, of 1 to 255 characters.',
    }),
    idempotencyKey: idempotencyKeyField(t),
  }),
});

const CreateCustomerSuccess = builder
  .objectRef<CreatedCustomer>('CreateCustomerSuccess')
  .implement({
    description: 'The customer was created.',
    fields: (t) => ({
      customer: t.expose('customer', {
        type: Customer,
        description: 'The customer as it was created.',
      }),
      replayed: t.exposeBoolean('replayed', { description: replayedDescription }),
    }),
  });

/** The result of `createCustomer`, and of each item of `createCustomers`. */
export const CreateCustomerResult = builder.errorUnion('CreateCustomerResult', {
  resolveType: () => CreateCustomerSuccess.name,
  description: 'What comes of creating a customer.',
  types: [CreateCustomerSuccess, InvalidInputError, ConflictError, IdempotencyError],
});

builder.mutationField('createCustomer', (t) =>
  t.field({
    type: CreateCustomerResult,
    description: 'Creates a customer of a corporation.',
    args: {
      input: t.arg({
        type: CreateCustomerInput,
        required: true,
        description: 'The customer to create.',
      }),
    },
    resolve: (_root, { input: { idempotencyKey, ...input } }, { customers, viewer }) =>
      customers.create(viewer, { input, idempotencyKey }),
  }),
);
