import type { InputFieldBuilder } from '@pothos/core';
import type { builder } from './builder.js';

type Types = (typeof builder)['$inferSchemaTypes'];

/** The version that a change is meant for; a field of every input that may name a customer. */
export function expectedVersionField(
  t: InputFieldBuilder<Types, 'InputObject'>,
  description = 'The `version` that you saw.',
) {
  return t.int({
    description: `${description} If the customer has been changed since, nothing is done and a VersionMismatchError has it as it is now. Left out or null, the call goes ahead whatever the version is.`,
  });
}

/** The same as an argument of the service. */
export function expectedVersions(version: number | null | undefined) {
  return { expectedVersions: version == null ? null : [version] };
}
