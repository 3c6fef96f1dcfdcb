import { ConflictError } from '../../customers/errors.js';
import { listArguments, updateArguments, upsertArguments } from '../../customers/input.js';
import type { SizeLimits } from '../../customers/service.js';
import { InvalidInputError } from '../../errors.js';
import { keyParameters, listParameters } from '../customers.js';
import { toProblem } from '../problem.js';
import { toWireCustomer } from '../wire.js';
import * as examples from './examples.js';
import { ofBodies, ofWrites, operation } from './operation.js';
import { headerParameter, idParameter, queryParameters } from './parameters.js';
import { reference } from './reference.js';
import { reply } from './responses.js';
import { propertyOf, toSchema } from './schema.js';

const { customer, changedCustomer, customerBody } = examples;
const created = examples.customerReply(customer, 'Successfully created customer.');
const changed = examples.customerReply(changedCustomer, 'Successfully updated customer.');
const body = (name: string, example: object, as: string) => ({
  schema: reference('schemas', name),
  examples: { [as]: example },
});
const change = { name: changedCustomer.name, email: null };
const atId = `/customers/${customer.id}`;

/** The paths of customers. */
export function customerPaths(limits: SizeLimits) {
  const args = toSchema(listArguments(limits.pageLimit));
  const id = idParameter(
    'The customer.',
    propertyOf(toSchema(updateArguments), ['input', 'id']),
    customer.id,
  );
  const query = `corporation_id=${customer.corporationId}`;

  return {
    '/customers': {
      get: operation({
        id: 'listCustomers',
        tag: 'Customers',
        summary: 'List the customers of a corporation',
        description:
          'Page by page, the newest first. Filters narrow the list; a customer must match all of them. With `external_id` it is a list of one customer or none.',
        parameters: queryParameters(listParameters, args, {
          corporation_id: customer.corporationId,
        }),
        replies: {
          200: reply('A page of the list.', [], {
            schema: reference('schemas', 'CustomerList'),
            examples: {
              'a page with more to come': listReply(7, examples.cursor),
              'the last page': listReply(1, null),
            },
          }),
        },
        errors: ['INVALID_INPUT'],
        errorExamples: { INVALID_INPUT: limitOutOfRange(limits.pageLimit) },
        sample: { method: 'GET', path: `/customers?${query}&search_term=acme&limit=10` },
      }),
      post: operation({
        id: 'createCustomer',
        tag: 'Customers',
        summary: 'Create a customer',
        description:
          'In one of the corporations that the token reaches. Send an `Idempotency-Key` to be able to repeat the call without creating two.',
        parameters: [headerParameter('IdempotencyKey')],
        body: {
          schema: reference('schemas', 'CreateCustomer'),
          examples: {
            'all of it': customerBody,
            'what is required': { corporation_id: customer.corporationId, name: customer.name },
          },
        },
        replies: {
          201: reply(
            'The customer was created, or was by an earlier call with the same idempotency key.',
            ['Location', 'ETag', 'Idempotent-Replayed'],
            body('CustomerReply', created, 'created'),
          ),
        },
        errors: ['CONFLICT', ...ofWrites, ...ofBodies],
        sample: { method: 'POST', path: '/customers', retry: true, body: customerBody },
      }),
      put: operation({
        id: 'upsertCustomer',
        tag: 'Customers',
        summary: 'Create or replace a customer by its external id',
        description:
          'Makes the customer with this external id what the body says, and creates it if there is none. **Fields that are left out are cleared.** The body may repeat `corporation_id` and `external_id`, but not say otherwise. With `If-None-Match: *` it only creates, with `If-Match` it only changes.',
        parameters: [
          ...queryParameters(keyParameters, propertyOf(toSchema(upsertArguments), ['input']), {
            corporation_id: customer.corporationId,
            external_id: customer.externalId,
          }),
          ...(['IdempotencyKey', 'IfMatch', 'IfNoneMatchAny'] as const).map(headerParameter),
        ],
        body: body('UpsertCustomer', { name: changedCustomer.name }, 'a name and nothing else'),
        replies: {
          200: reply(
            'There was such a customer, and it is now what the body says.',
            ['ETag', 'Idempotent-Replayed'],
            body('CustomerReply', changed, 'changed'),
          ),
          201: reply(
            'There was none, and it was created.',
            ['Location', 'ETag', 'Idempotent-Replayed'],
            body('CustomerReply', created, 'created'),
          ),
        },
        errors: ['NOT_FOUND', 'VERSION_MISMATCH', ...ofWrites, ...ofBodies],
        sample: {
          method: 'PUT',
          path: `/customers?${query}&external_id=${customer.externalId}`,
          retry: true,
          body: { name: customer.name, email: customer.email },
        },
      }),
    },
    '/customers/bulk': {
      post: operation({
        id: 'createCustomers',
        tag: 'Customers',
        summary: 'Create many customers at once',
        description: `Up to ${limits.bulkLimit} in one commit. Each is answered on its own, in the order of the request: what is wrong with one keeps no other from being created. The paths of errors begin with \`customers.\` and the index, from 0.`,
        parameters: [headerParameter('IdempotencyKey')],
        body: body(
          'CreateCustomers',
          { customers: [customerBody, { ...customerBody, name: 'Acme Again' }] },
          'two with the same external id',
        ),
        replies: {
          200: reply(
            'What came of each.',
            ['Idempotent-Replayed'],
            body('CustomerResults', resultsReply(), 'one created, one refused'),
          ),
        },
        errors: [...ofWrites, ...ofBodies],
        errorExamples: { INVALID_INPUT: noneToCreate },
        sample: {
          method: 'POST',
          path: '/customers/bulk',
          retry: true,
          body: {
            customers: ['Acme', 'Globex'].map((name) => ({
              corporation_id: customer.corporationId,
              name,
            })),
          },
        },
      }),
    },
    '/customers/{id}': {
      parameters: [id],
      get: operation({
        id: 'getCustomer',
        tag: 'Customers',
        summary: 'Get a customer',
        description: 'With its `ETag`, to be sent back as `If-Match` with a change.',
        parameters: [headerParameter('IfNoneMatch')],
        replies: {
          200: reply(
            'The customer.',
            ['ETag'],
            body(
              'CustomerReply',
              examples.customerReply(customer, 'Successfully fetched customer.'),
              'found',
            ),
          ),
          304: reply('The customer is still at the version of `If-None-Match`.', ['ETag']),
        },
        errors: ['NOT_FOUND'],
        sample: { method: 'GET', path: atId },
      }),
      patch: operation({
        ...update,
        id: 'updateCustomer',
        summary: 'Change a customer',
        sample: { method: 'PATCH', path: atId, headers: { 'If-Match': '"1"' }, body: change },
      }),
      post: operation({
        ...update,
        id: 'updateCustomerByPost',
        summary: 'Change a customer, by POST',
        description: `The same as \`PATCH\`, for clients that have none. ${update.description}`,
        sample: { method: 'POST', path: atId, headers: { 'If-Match': '"1"' }, body: change },
      }),
      delete: operation({
        id: 'deleteCustomer',
        tag: 'Customers',
        summary: 'Delete a customer',
        description: 'For good. Its external id is free again.',
        parameters: (['IdempotencyKey', 'IfMatch'] as const).map(headerParameter),
        replies: {
          204: reply('The customer is gone.', ['Idempotent-Replayed']),
        },
        errors: ['NOT_FOUND', 'VERSION_MISMATCH', ...ofWrites],
        errorExamples: { INVALID_INPUT: keyTooLong },
        sample: { method: 'DELETE', path: atId, headers: { 'If-Match': '"1"' } },
      }),
    },
  };
}

const update = {
  tag: 'Customers' as const,
  description:
    'A field that is left out stays as it is, `null` clears it. The address is replaced as a whole. The version grows only if something is different afterwards.',
  parameters: (['IdempotencyKey', 'IfMatch'] as const).map(headerParameter),
  body: body('UpdateCustomer', change, 'another name, and no address for e-mail any more'),
  replies: {
    200: reply(
      'The customer as it is now.',
      ['ETag', 'Idempotent-Replayed'],
      body('CustomerReply', changed, 'changed'),
    ),
  },
  errors: ['NOT_FOUND', 'CONFLICT', 'VERSION_MISMATCH', ...ofWrites, ...ofBodies] as const,
};

const noneToCreate = new InvalidInputError([
  { path: ['inputs'], code: 'TOO_FEW', message: 'must have at least 1 item' },
]);

const keyTooLong = new InvalidInputError([
  { path: ['idempotencyKey'], code: 'TOO_LONG', message: 'must have at most 255 characters' },
]);

export function limitOutOfRange(limit: number): InvalidInputError {
  const message = `must be a whole number from 1 to ${limit}`;
  return new InvalidInputError([{ path: ['first'], code: 'OUT_OF_RANGE', message }]);
}

function listReply(total: number, cursor: string | null) {
  return {
    data: { customers: [toWireCustomer(customer)], total_customers: total, cursor },
    message: 'Successfully fetched customers.',
  };
}

function resultsReply() {
  const refusal = new ConflictError(['inputs', '1', 'externalId'], customer);
  const error = toProblem(refusal, examples.requestId);
  return {
    data: {
      results: [
        { status: 201, customer: toWireCustomer(customer) },
        { status: error.status, error },
      ],
    },
    message: 'Processed 2 customers.',
  };
}
