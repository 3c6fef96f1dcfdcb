import type { RemovedCustomer } from '../customers/change.js';
import { VersionMismatchError } from '../customers/errors.js';
import { IdempotencyError, InvalidInputError, NotFoundError } from '../errors.js';
import { builder } from './builder.js';
import { idempotencyKeyField, replayedDescription } from './idempotency.js';
import { expectedVersionField, expectedVersions } from './version.js';

const DeleteCustomerInput = builder.inputType('DeleteCustomerInput', {
  description: 'Which customer to delete.',
  fields: (t) => ({
    id: t.id({ required: true, description: 'The id of the customer.' }),
    expectedVersion: expectedVersionField(t),
    idempotencyKey: idempotencyKeyField(t),
  }),
});

const DeleteCustomerSuccess = builder
  .objectRef<RemovedCustomer>('DeleteCustomerSuccess')
  .implement({
    description: 'The customer is gone, and its external id is free again.',
    fields: (t) => ({
      id: t.exposeID('id', { description: 'The id that the customer had.' }),
      replayed: t.exposeBoolean('replayed', { description: replayedDescription }),
    }),
  });

const DeleteCustomerResult = builder.errorUnion('DeleteCustomerResult', {
  resolveType: () => DeleteCustomerSuccess.name,
  description: 'The result of deleting a customer.',
  types: [
    DeleteCustomerSuccess,
    InvalidInputError,
    NotFoundError,
    VersionMismatchError,
    IdempotencyError,
  ],
});

builder.mutationField('deleteCustomer', (t) =>
  t.field({
    type: DeleteCustomerResult,
    description:
      'Deletes a customer for good. One that is gone already is answered with a NotFoundError, unless the call repeats an earlier one with its `idempotencyKey`. To select `id` of both, give one an alias, as in `... on NotFoundError { missing: id }`, where it may be null.',
    args: {
      input: t.arg({
        type: DeleteCustomerInput,
        required: true,
        description: 'The customer to delete.',
      }),
    },
    resolve: (
      _root,
      { input: { idempotencyKey, expectedVersion, ...input } },
      { customers, viewer },
    ) => customers.remove(viewer, { input, idempotencyKey, ...expectedVersions(expectedVersion) }),
  }),
);
