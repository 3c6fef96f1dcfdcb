import type { CreatedCorporation } from '../corporations/service.js';
import { IdempotencyError, InvalidInputError } from '../errors.js';
import { builder } from './builder.js';
import { Corporation } from './corporation.js';
import { idempotencyKeyField, replayedDescription } from './idempotency.js';

const CreateCorporationInput = builder.inputType('CreateCorporationInput', {
  description: 'A corporation to create.',
  fields: (t) => ({
    legalName: t.string({
      required: true,
      description:
        'The name that it is registered under, of 1 to 255 characters: `Acme Holdings, Inc.`. White space around it is removed.',
    }),
    jurisdiction: t.string({
      required: true,
      description:
        'The country where it is registered, as an ISO 3166-1 alpha-2 code in either case: `US`.',
    }),
    idempotencyKey: idempotencyKeyField(t),
  }),
});

const CreateCorporationSuccess = builder
  .objectRef<CreatedCorporation>('CreateCorporationSuccess')
  .implement({
    description: 'The corporation was created.',
    fields: (t) => ({
      corporation: t.expose('corporation', {
        type: Corporation,
        description: 'The corporation as it was created.',
      }),
      replayed: t.exposeBoolean('replayed', { description: replayedDescription }),
    }),
  });

const CreateCorporationResult = builder.errorUnion('CreateCorporationResult', {
  resolveType: () => CreateCorporationSuccess.name,
  description: 'The result of creating a corporation.',
  types: [CreateCorporationSuccess, InvalidInputError, IdempotencyError],
});

builder.mutationField('createCorporation', (t) =>
  t.field({
    type: CreateCorporationResult,
    description:
      'Creates a corporation. Needs a token that reaches all corporations, since any other token could not reach the new one.',
    args: {
      input: t.arg({
        type: CreateCorporationInput,
        required: true,
        description: 'The corporation to create.',
      }),
    },
    resolve: (_root, { input: { idempotencyKey, ...input } }, { corporations, viewer }) =>
      corporations.create(viewer, { input, idempotencyKey }),
  }),
);
