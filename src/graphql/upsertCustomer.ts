import type { UpsertedCustomer } from '../customers/change.js';
import { VersionMismatchError } from '../customers/errors.js';
import { IdempotencyError, InvalidInputError, NotFoundError } from '../errors.js';
import { builder } from './builder.js';
import { Customer } from './customer.js';
import { externalIdDescription, nameDescription, optionalFields } from './customerInput.js';
import { idempotencyKeyField, replayedDescription } from './idempotency.js';
import { expectedVersionField, expectedVersions } from './version.js';

const UpsertCustomerInput = builder.inputType('UpsertCustomerInput', {
  description:
    'What a customer is to be, whether it exists already or not. An optional field that is left out or null is cleared.',
  fields: (t) => ({
    corporationId: t.id({
      required: true,
      description: 'The id of the corporation that the customer belongs to: `corp_123`.',
    }),
    externalId: t.string({
      required: true,
      description: `${externalIdDescription} It tells which customer is meant.`,
    }),
    expectedVersion: expectedVersionField(
      t,
      'The `version` that you saw, or 0 if there was no such customer. One that is gone is not created again: that is a NotFoundError.',
    ),
    name: t.string({ required: true, description: nameDescription }),
    ...optionalFields(t),
    idempotencyKey: idempotencyKeyField(t),
  }),
});

const UpsertCustomerSuccess = builder
  .objectRef<UpsertedCustomer>('UpsertCustomerSuccess')
  .implement({
    description: 'The customer is now as the input says.',
    fields: (t) => ({
      customer: t.expose('customer', {
        type: Customer,
        description: 'The customer as it is now. Its version is unchanged if nothing was.',
      }),
      created: t.exposeBoolean('created', {
        description: 'Whether the customer is new, rather than changed.',
      }),
      replayed: t.exposeBoolean('replayed', { description: replayedDescription }),
    }),
  });

const UpsertCustomerResult = builder.errorUnion('UpsertCustomerResult', {
  resolveType: () => UpsertCustomerSuccess.name,
  description: 'The result of creating or changing a customer.',
  types: [
    UpsertCustomerSuccess,
    InvalidInputError,
    NotFoundError,
    VersionMismatchError,
    IdempotencyError,
  ],
});

builder.mutationField('upsertCustomer', (t) =>
  t.field({
    type: UpsertCustomerResult,
    description:
      'Replaces what is known of the customer that has the external id, or creates it if there is none. For keeping customers in step with another system: the same call can be sent over and over.',
    args: {
      input: t.arg({
        type: UpsertCustomerInput,
        required: true,
        description: 'What the customer is to be.',
      }),
    },
    resolve: (
      _root,
      { input: { idempotencyKey, expectedVersion, ...input } },
      { customers, viewer },
    ) => customers.upsert(viewer, { input, idempotencyKey, ...expectedVersions(expectedVersion) }),
  }),
);
