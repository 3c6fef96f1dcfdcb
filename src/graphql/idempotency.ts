import type { InputFieldBuilder } from '@pothos/core';
import type { builder } from './builder.js';

type Types = (typeof builder)['$inferSchemaTypes'];

/** The key that makes a mutation safe to repeat; one field of every input. */
export function idempotencyKeyField(t: InputFieldBuilder<Types, 'InputObject'>) {
  return t.string({
    description:
      'Makes the call safe to repeat: the same key with the same input answers what the first call answered, for 24 hours, and does nothing. Of 1 to 255 characters that you choose, a UUID for example; it belongs to your token and to this kind of change, over GraphQL and REST alike. A call that was refused does not use it up.',
  });
}

export const replayedDescription =
  'Whether this is the answer to an earlier call with the same idempotency key, and nothing was done now.';
