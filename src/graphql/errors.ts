import { ConflictError, VersionMismatchError } from '../customers/errors.js';
import {
  type DomainError,
  IdempotencyError,
  type InputIssue,
  type InputIssueCode,
  InvalidInputError,
  NotFoundError,
} from '../errors.js';
import { builder } from './builder.js';
import { Customer } from './customer.js';

const codes = {
  INVALID_INPUT: {
    description:
      'One or more fields of the input break a rule: an InvalidInputError, whose `issues` name them. Correct them and send the call again.',
  },
  NOT_FOUND: {
    description: 'There is no such object, or your token does not reach it: a NotFoundError.',
  },
  CONFLICT: {
    description:
      'A value that must be unique is taken: a ConflictError, whose `existing` is the customer that has it.',
  },
  VERSION_MISMATCH: {
    description:
      'The customer was changed since you saw it: a VersionMismatchError, whose `current` is the customer now. Decide anew, and send its `version`.',
  },
  IDEMPOTENCY_IN_FLIGHT: {
    description:
      'An earlier call with the same idempotency key is not finished: an IdempotencyError. Send the same call again in a moment.',
  },
  IDEMPOTENCY_MISMATCH: {
    description:
      'The idempotency key was used before, with another input: an IdempotencyError. Use a new key.',
  },
} satisfies Partial<Record<DomainError['code'], object>>;

/** GraphQL itself finds these, before a resolver runs, and refuses the request. */
type SchemaIssueCode = 'INVALID_TYPE' | 'UNKNOWN_FIELD';

/** What is wrong with the arguments of a list has no result to be in, and is a top-level error. */
type ListIssueCode =
  | 'OUT_OF_RANGE'
  | 'INVALID_CURSOR'
  | 'MUTUALLY_EXCLUSIVE'
  | 'TOO_FEW'
  | 'TOO_MANY';

const issueCodes = {
  REQUIRED: {
    description: 'The field must have a value, and cannot be cleared: a `name` of null.',
  },
  TOO_SHORT: {
    description:
      'The text has too few characters: a name of 2, not counting white space around it, or an empty external id.',
  },
  TOO_LONG: {
    description:
      'The text has too many characters: a name of 256. `message` says how many it may have.',
  },
  INVALID_CHARACTERS: {
    description: 'The text has line breaks, tabs or other control characters in it.',
  },
  INVALID_EMAIL: {
    description: 'The text is not an e-mail address: `ada@example` has no dot in its domain.',
  },
  INVALID_COUNTRY: {
    description:
      'The text is not a country code of ISO 3166-1 alpha-2: `USA` or `UK` for `US` or `GB`.',
  },
  NOT_FOUND: {
    description: 'The id names nothing that your token reaches: a mistyped `corporationId`.',
  },
} satisfies Record<Exclude<InputIssueCode, SchemaIssueCode | ListIssueCode>, object>;

const ErrorCodeEnum = builder.enumType('ErrorCode', {
  description: 'What kind of error this is, for programs to act on.',
  values: codes,
});

const InputIssueCodeEnum = builder.enumType('InputIssueCode', {
  description: 'Which rule a field breaks.',
  values: issueCodes,
});

const ErrorInterface = builder
  .interfaceRef<{ code: keyof typeof codes; message: string }>('Error')
  .implement({
    description:
      'What every error has, so that a client can handle those it does not know yet: ask for `... on Error { code message }` beside the types that you know.',
    fields: (t) => ({
      code: t.expose('code', {
        type: ErrorCodeEnum,
        description: 'What kind of error this is, for programs to act on.',
      }),
      message: t.exposeString('message', {
        description: 'What went wrong, in a sentence for people. Its wording may change.',
      }),
    }),
  });

const InputIssueType = builder.objectRef<InputIssue>('InputIssue').implement({
  description: 'One thing that is wrong with one field of the input.',
  fields: (t) => ({
    path: t.stringList({
      description:
        'Leads to the field, by its names in the schema: `["input", "shippingAddress", "country"]`. The index of an item is a string too: `["inputs", "7", "name"]`.',
      resolve: (issue) => toClientPath(issue.path),
    }),
    code: t.field({
      type: InputIssueCodeEnum,
      description: 'Which rule the field breaks.',
      resolve: (issue) => issue.code as keyof typeof issueCodes,
    }),
    message: t.exposeString('message', {
      description:
        'What the field must be, in words that can stand beside it in a form: `must have at least 3 characters`. Its wording may change.',
    }),
  }),
});

builder.objectType(InvalidInputError, {
  name: 'InvalidInputError',
  description: 'The input breaks one or more rules. Nothing was changed.',
  interfaces: [ErrorInterface],
  fields: (t) => ({
    issues: t.field({
      type: [InputIssueType],
      description:
        'Everything that is wrong with the input, at least one issue, and at most the first 100.',
      resolve: (error) => [...error.issues],
    }),
  }),
});

builder.objectType(ConflictError, {
  name: 'ConflictError',
  description: 'A value that must be unique is taken by another customer. Nothing was changed.',
  interfaces: [ErrorInterface],
  fields: (t) => ({
    path: t.stringList({
      description: 'Leads to the value that is taken: `["input", "externalId"]`.',
      resolve: (error) => toClientPath(error.path),
    }),
    existing: t.field({
      type: Customer,
      description: 'The customer that has the value, of the same corporation.',
      resolve: (error) => error.existing,
    }),
  }),
});

builder.objectType(NotFoundError, {
  name: 'NotFoundError',
  description: 'There is no such object, or your token does not reach it. Nothing was changed.',
  interfaces: [ErrorInterface],
  fields: (t) => ({
    id: t.exposeID('id', {
      nullable: true,
      description:
        'The id that names nothing, as you sent it. Null when the object was not named by an id.',
    }),
  }),
});

builder.objectType(VersionMismatchError, {
  name: 'VersionMismatchError',
  description: 'The customer is not at the version that you expected. Nothing was changed.',
  interfaces: [ErrorInterface],
  fields: (t) => ({
    current: t.field({
      type: Customer,
      description: 'The customer as it is now, with the `version` to expect next.',
      resolve: (error) => error.current,
    }),
  }),
});

builder.objectType(IdempotencyError, {
  name: 'IdempotencyError',
  description:
    'The idempotency key cannot be used for this call: an earlier call with it is not finished, or had another input. Nothing was changed.',
  interfaces: [ErrorInterface],
});

/** In GraphQL the idempotency key is a field of the input. */
export function toClientPath(path: readonly string[]): string[] {
  return path[0] === 'idempotencyKey' ? ['input', 'idempotencyKey'] : [...path];
}
