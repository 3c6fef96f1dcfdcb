import type { UpdatedCustomer } from '../customers/change.js';
import { ConflictError, VersionMismatchError } from '../customers/errors.js';
import { IdempotencyError, InvalidInputError, NotFoundError } from '../errors.js';
import { builder } from './builder.js';
import { Customer } from './customer.js';
import { externalIdDescription, nameDescription, optionalFields } from './customerInput.js';
import { idempotencyKeyField, replayedDescription } from './idempotency.js';
import { expectedVersionField, expectedVersions } from './version.js';

const UpdateCustomerInput = builder.inputType('UpdateCustomerInput', {
  description:
    'What to change of a customer. A field that is left out stays as it is; null clears it. The shipping address is replaced as a whole: a line that is left out is then null.',
  fields: (t) => ({
    id: t.id({ required: true, description: 'The id of the customer.' }),
    expectedVersion: expectedVersionField(t),
    name: t.string({
      description: `${nameDescription} It cannot be cleared: null is refused as \`REQUIRED\`.`,
    }),
    externalId: t.string({ description: externalIdDescription }),
    ...optionalFields(t),
    idempotencyKey: idempotencyKeyField(t),
  }),
});

const UpdateCustomerSuccess = builder
  .objectRef<UpdatedCustomer>('UpdateCustomerSuccess')
  .implement({
    description: 'The customer is now as the input says.',
    fields: (t) => ({
      customer: t.expose('customer', {
        type: Customer,
        description: 'The customer after the change. Its version is unchanged if nothing was.',
      }),
      replayed: t.exposeBoolean('replayed', { description: replayedDescription }),
    }),
  });

const UpdateCustomerResult = builder.errorUnion('UpdateCustomerResult', {
  resolveType: () => UpdateCustomerSuccess.name,
  description: 'The result of changing a customer.',
  types: [
    UpdateCustomerSuccess,
    InvalidInputError,
    NotFoundError,
    ConflictError,
    VersionMismatchError,
    IdempotencyError,
  ],
});

builder.mutationField('updateCustomer', (t) =>
  t.field({
    type: UpdateCustomerResult,
    description:
      'Changes the fields of a customer that are given. With an `expectedVersion` it does so only if nobody else was faster.',
    args: {
      input: t.arg({
        type: UpdateCustomerInput,
        required: true,
        description: 'The customer to change, and what of it.',
      }),
    },
    resolve: (
      _root,
      { input: { idempotencyKey, expectedVersion, ...input } },
      { customers, viewer },
    ) => customers.update(viewer, { input, idempotencyKey, ...expectedVersions(expectedVersion) }),
  }),
);
