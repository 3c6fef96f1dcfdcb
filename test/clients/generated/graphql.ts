/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';
/** A postal address. Every line may be left out or null; blank lines count as left out, and an address with no line at all as none. White space around a line is removed. */
export type AddressInput = {
  /** City, town or village. At most 255 characters. */
  city?: string | null | undefined;
  /** Country, as an ISO 3166-1 alpha-2 code in either case: `US`. It is kept in upper case. */
  country?: string | null | undefined;
  /** Street and number, or PO box: `123 Main St`. At most 255 characters. */
  line1?: string | null | undefined;
  /** Suite, floor, apartment or building: `Suite 100`. At most 255 characters. */
  line2?: string | null | undefined;
  /** Postal code or ZIP code: `94105`. At most 32 characters. */
  postalCode?: string | null | undefined;
  /** State, province, county or region: `CA`. At most 255 characters. */
  state?: string | null | undefined;
};

/** A customer to create. Optional fields may be left out or null. */
export type CreateCustomerInput = {
  /** The id of the corporation that the customer will belong to: `corp_123`. */
  corporationId: string;
  /** An e-mail address of at most 254 ASCII characters, with a dot in the domain: `ada@example.com`. White space around it is removed. */
  email?: string | null | undefined;
  /** Your own identifier, of 1 to 255 characters, kept exactly as it is: `ext_456`. No two customers of a corporation have the same. */
  externalId?: string | null | undefined;
  /** Makes the call safe to repeat: the same key with the same input answers what the first call answered, for 24 hours, and does nothing. Of 1 to 255 characters that you choose, a UUID for example; it belongs to your token and to this kind of change, over GraphQL and REST alike. A call that was refused does not use it up. */
  idempotencyKey?: string | null | undefined;
  /** The name to show, of 3 to 255 characters: `Acme Corporation`. White space around it is removed. */
  name: string;
  /** Where to ship to. */
  shippingAddress?: AddressInput | null | undefined;
  /** The platform that the customer is imported or synced from, of 1 to 255 characters: `shopify`. */
  sourcePlatform?: string | null | undefined;
  /** What identifies the customer on that platform, of 1 to 255 characters, kept exactly as it is. */
  sourcePlatformId?: string | null | undefined;
};

/** What kind of error this is, for programs to act on. */
export type ErrorCode =
  /** A value that must be unique is taken: a ConflictError, whose `existing` is the customer that has it. */
  | 'CONFLICT'
  /** An earlier call with the same idempotency key is not finished: an IdempotencyError. Send the same call again in a moment. */
  | 'IDEMPOTENCY_IN_FLIGHT'
  /** The idempotency key was used before, with another input: an IdempotencyError. Use a new key. */
  | 'IDEMPOTENCY_MISMATCH'
  /** One or more fields of the input break a rule: an InvalidInputError, whose `issues` name them. Correct them and send the call again. */
  | 'INVALID_INPUT'
  /** There is no such object, or your token does not reach it: a NotFoundError. */
  | 'NOT_FOUND'
  /** The customer was changed since you saw it: a VersionMismatchError, whose `current` is the customer now. Decide anew, and send its `version`. */
  | 'VERSION_MISMATCH';

/** Which rule a field breaks. */
export type InputIssueCode =
  /** The text has line breaks, tabs or other control characters in it. */
  | 'INVALID_CHARACTERS'
  /** The text is not a country code of ISO 3166-1 alpha-2: `USA` or `UK` for `US` or `GB`. */
  | 'INVALID_COUNTRY'
  /** The text is not an e-mail address: `ada@example` has no dot in its domain. */
  | 'INVALID_EMAIL'
  /** The id names nothing that your token reaches: a mistyped `corporationId`. */
  | 'NOT_FOUND'
  /** The field must have a value, and cannot be cleared: a `name` of null. */
  | 'REQUIRED'
  /** The text has too many characters: a name of 256. `message` says how many it may have. */
  | 'TOO_LONG'
  /** The text has too few characters: a name of 2, not counting white space around it, or an empty external id. */
  | 'TOO_SHORT';

export type CreateCustomerMutationVariables = Exact<{
  input: CreateCustomerInput;
}>;


export type CreateCustomerMutation = { createCustomer:
    | { __typename: 'ConflictError', path: Array<string>, code: ErrorCode, message: string, existing: { id: string, name: string } }
    | { __typename: 'CreateCustomerSuccess', replayed: boolean, customer: { id: string, name: string, email: string | null, version: number, createdAt: string } }
    | { __typename: 'IdempotencyError', code: ErrorCode, message: string }
    | { __typename: 'InvalidInputError', code: ErrorCode, message: string, issues: Array<{ path: Array<string>, code: InputIssueCode, message: string }> }
   };

export type ListCustomersQueryVariables = Exact<{
  corporationId: string;
  first: number;
  after?: string | null | undefined;
}>;


export type ListCustomersQuery = { customers: { totalCount: number, nodes: Array<{ id: string, name: string }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };


export const CreateCustomerDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"CreateCustomer"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"CreateCustomerInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"createCustomer"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"CreateCustomerSuccess"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"replayed"}},{"kind":"Field","name":{"kind":"Name","value":"customer"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"email"}},{"kind":"Field","name":{"kind":"Name","value":"version"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"InvalidInputError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"issues"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"path"}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ConflictError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"path"}},{"kind":"Field","name":{"kind":"Name","value":"existing"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Error"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}}]} as unknown as DocumentNode<CreateCustomerMutation, CreateCustomerMutationVariables>;
export const ListCustomersDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"ListCustomers"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"corporationId"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"first"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"customers"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"corporationId"},"value":{"kind":"Variable","name":{"kind":"Name","value":"corporationId"}}},{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"Variable","name":{"kind":"Name","value":"first"}}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}},{"kind":"Field","name":{"kind":"Name","value":"endCursor"}}]}},{"kind":"Field","name":{"kind":"Name","value":"totalCount"}}]}}]}}]} as unknown as DocumentNode<ListCustomersQuery, ListCustomersQueryVariables>;