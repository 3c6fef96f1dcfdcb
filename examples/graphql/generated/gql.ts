/* eslint-disable */
import * as types from './graphql.js';
import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';

/**
 * Map of all GraphQL operations in the project.
 *
 * This map has several performance disadvantages:
 * 1. It is not tree-shakeable, so it will include all operations in the project.
 * 2. It is not minifiable, so the string of a GraphQL query will be multiple times inside the bundle.
 * 3. It does not support dead code elimination, so it will add unused operations.
 *
 * Therefore it is highly recommended to use the babel or swc plugin for production.
 * Learn more about it here: https://the-guild.dev/graphql/codegen/plugins/presets/preset-client#reducing-bundle-size
 */
type Documents = {
    "\n  mutation CreateCustomer($input: CreateCustomerInput!) {\n    createCustomer(input: $input) {\n      __typename\n      ... on CreateCustomerSuccess { customer { id name createdAt } }\n      ... on InvalidInputError { issues { path message } }\n      ... on ConflictError { existing { id name } }\n      ... on Error { message }\n    }\n  }\n": typeof types.CreateCustomerDocument,
    "\n  query PageOfCustomers($corporationId: ID!, $after: String) {\n    customers(corporationId: $corporationId, first: 100, after: $after) {\n      nodes { id name }\n      pageInfo { hasNextPage endCursor }\n    }\n  }\n": typeof types.PageOfCustomersDocument,
    "\n  mutation CreateOnce($input: CreateCustomerInput!) {\n    createCustomer(input: $input) {\n      __typename\n      ... on CreateCustomerSuccess { replayed customer { id } }\n      ... on Error { code message }\n    }\n  }\n": typeof types.CreateOnceDocument,
    "\n  query ReadCustomer($externalId: String!) {\n    customerByExternalId(corporationId: \"corp_123\", externalId: $externalId) { id name version }\n  }\n": typeof types.ReadCustomerDocument,
    "\n  mutation RenameCustomer($input: UpdateCustomerInput!) {\n    updateCustomer(input: $input) {\n      __typename\n      ... on UpdateCustomerSuccess { customer { name version } }\n      ... on Error { message }\n    }\n  }\n": typeof types.RenameCustomerDocument,
};
const documents: Documents = {
    "\n  mutation CreateCustomer($input: CreateCustomerInput!) {\n    createCustomer(input: $input) {\n      __typename\n      ... on CreateCustomerSuccess { customer { id name createdAt } }\n      ... on InvalidInputError { issues { path message } }\n      ... on ConflictError { existing { id name } }\n      ... on Error { message }\n    }\n  }\n": types.CreateCustomerDocument,
    "\n  query PageOfCustomers($corporationId: ID!, $after: String) {\n    customers(corporationId: $corporationId, first: 100, after: $after) {\n      nodes { id name }\n      pageInfo { hasNextPage endCursor }\n    }\n  }\n": types.PageOfCustomersDocument,
    "\n  mutation CreateOnce($input: CreateCustomerInput!) {\n    createCustomer(input: $input) {\n      __typename\n      ... on CreateCustomerSuccess { replayed customer { id } }\n      ... on Error { code message }\n    }\n  }\n": types.CreateOnceDocument,
    "\n  query ReadCustomer($externalId: String!) {\n    customerByExternalId(corporationId: \"corp_123\", externalId: $externalId) { id name version }\n  }\n": types.ReadCustomerDocument,
    "\n  mutation RenameCustomer($input: UpdateCustomerInput!) {\n    updateCustomer(input: $input) {\n      __typename\n      ... on UpdateCustomerSuccess { customer { name version } }\n      ... on Error { message }\n    }\n  }\n": types.RenameCustomerDocument,
};

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 *
 *
 * @example
 * ```ts
 * const query = graphql(`query GetUser($id: ID!) { user(id: $id) { name } }`);
 * ```
 *
 * The query argument is unknown!
 * Please regenerate the types.
 */
export function graphql(source: string): unknown;

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CreateCustomer($input: CreateCustomerInput!) {\n    createCustomer(input: $input) {\n      __typename\n      ... on CreateCustomerSuccess { customer { id name createdAt } }\n      ... on InvalidInputError { issues { path message } }\n      ... on ConflictError { existing { id name } }\n      ... on Error { message }\n    }\n  }\n"): (typeof documents)["\n  mutation CreateCustomer($input: CreateCustomerInput!) {\n    createCustomer(input: $input) {\n      __typename\n      ... on CreateCustomerSuccess { customer { id name createdAt } }\n      ... on InvalidInputError { issues { path message } }\n      ... on ConflictError { existing { id name } }\n      ... on Error { message }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query PageOfCustomers($corporationId: ID!, $after: String) {\n    customers(corporationId: $corporationId, first: 100, after: $after) {\n      nodes { id name }\n      pageInfo { hasNextPage endCursor }\n    }\n  }\n"): (typeof documents)["\n  query PageOfCustomers($corporationId: ID!, $after: String) {\n    customers(corporationId: $corporationId, first: 100, after: $after) {\n      nodes { id name }\n      pageInfo { hasNextPage endCursor }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CreateOnce($input: CreateCustomerInput!) {\n    createCustomer(input: $input) {\n      __typename\n      ... on CreateCustomerSuccess { replayed customer { id } }\n      ... on Error { code message }\n    }\n  }\n"): (typeof documents)["\n  mutation CreateOnce($input: CreateCustomerInput!) {\n    createCustomer(input: $input) {\n      __typename\n      ... on CreateCustomerSuccess { replayed customer { id } }\n      ... on Error { code message }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ReadCustomer($externalId: String!) {\n    customerByExternalId(corporationId: \"corp_123\", externalId: $externalId) { id name version }\n  }\n"): (typeof documents)["\n  query ReadCustomer($externalId: String!) {\n    customerByExternalId(corporationId: \"corp_123\", externalId: $externalId) { id name version }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RenameCustomer($input: UpdateCustomerInput!) {\n    updateCustomer(input: $input) {\n      __typename\n      ... on UpdateCustomerSuccess { customer { name version } }\n      ... on Error { message }\n    }\n  }\n"): (typeof documents)["\n  mutation RenameCustomer($input: UpdateCustomerInput!) {\n    updateCustomer(input: $input) {\n      __typename\n      ... on UpdateCustomerSuccess { customer { name version } }\n      ... on Error { message }\n    }\n  }\n"];

export function graphql(source: string) {
  return (documents as any)[source] ?? {};
}

export type DocumentType<TDocumentNode extends DocumentNode<any, any>> = TDocumentNode extends DocumentNode<  infer TType,  any>  ? TType  : never;