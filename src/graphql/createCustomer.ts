import type { CreatedCustomer } from '../customers/create.js';
import { ConflictError } from '../customers/errors.js';
import { IdempotencyError, InvalidInputError } from '../errors.js';
import { builder } from './builder.js';
import { Customer } from './customer.js';
import { externalIdDescription, nameDescription, optionalFields } from './customerInput.js';
import { idempotencyKeyField, replayedDescription } from './idempotency.js';

export const CreateCustomerInput = builder.inputType('CreateCustomerInput', {
  description: 'A customer to create. Optional fields may be left out or null.',
  fields: (t) => ({
    corporationId: t.id({
      required: true,
      description: 'The id of the corporation that the customer will belong to: `corp_123`.',
    }),
    name: t.string({ required: true, description: nameDescription }),
    externalId: t.string({ description: externalIdDescription }),
    ...optionalFields(t),
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
  description:
    'The result of creating a customer. A ConflictError says that another customer has the external id.',
  types: [CreateCustomerSuccess, InvalidInputError, ConflictError, IdempotencyError],
});

builder.mutationField('createCustomer', (t) =>
  t.field({
    type: CreateCustomerResult,
    description:
      'Creates a customer of a corporation. With an `idempotencyKey` it is safe to send again when no answer came.',
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
