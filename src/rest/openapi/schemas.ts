import * as corporations from '../../corporations/input.js';
import * as customers from '../../customers/input.js';
import { statuses } from '../../http/errors.js';
import type { WireAddress, WireCorporation, WireCustomer } from '../wire.js';
import { type Code, problemReference, problemSchemas } from './problems.js';
import { reference } from './reference.js';
import { propertyOf, type Schema, toSchema } from './schema.js';

/** What the bodies of requests and replies may be, by the name that the document has for each. */
export function createSchemas({ bulkLimit }: { bulkLimit: number }): Record<string, Schema> {
  const { input: create } = customers.createArguments.shape;
  const update = customers.updateArguments.shape.input.omit({ id: true });
  const upsert = customers.upsertArguments.shape.input.partial({
    corporationId: true,
    externalId: true,
  });
  const { inputs } = customers.createManyArguments(bulkLimit).shape;
  const sentAddress = propertyOf(toSchema(create), ['shippingAddress']).anyOf?.[0] ?? {};
  const item = reference('schemas', 'CreateCustomer');
  return {
    CreateCustomer: withAddress(toSchema(create)),
    UpdateCustomer: withAddress(toSchema(update)),
    UpsertCustomer: withAddress(toSchema(upsert)),
    CreateCustomers: closed({ customers: { ...toSchema(inputs), items: item } }),
    AddressInput: sentAddress,
    Customer: open(customerProperties),
    Address: open(addressProperties),
    CustomerReply: open({
      ...customerProperties,
      data: { ...reference('schemas', 'Customer'), description: 'The same customer once more.' },
      message,
    }),
    CustomerList: open({
      data: open({ customers: listOf('Customer'), total_customers: total, cursor: nextCursor }),
      message,
    }),
    CustomerResults: open({
      data: open({ results: { type: 'array', items: { oneOf: results } } }),
      message,
    }),
    CreateCorporation: toSchema(corporations.createArguments.shape.input),
    Corporation: open(corporationProperties),
    CorporationReply: open({ data: reference('schemas', 'Corporation'), message }),
    CorporationList: open({
      data: open({
        corporations: listOf('Corporation'),
        total_corporations: total,
        cursor: nextCursor,
      }),
      message,
    }),
    Health: open({ status: { type: 'string', enum: ['ok', 'ready', 'unavailable'] } }),
    ...problemSchemas(),
  };
}

const message: Schema = { type: 'string', description: 'What was done, for people.' };
const total: Schema = {
  type: 'integer',
  minimum: 0,
  description: 'How many there are on all pages.',
};
const nextCursor: Schema = {
  type: ['string', 'null'],
  description: 'For the next page; null on the last one.',
};
const time = (description: string): Schema => ({ type: 'integer', format: 'int64', description });

const takenCustomer = toSchema(customers.createArguments.shape.input, 'reader');
const takenCorporation = toSchema(corporations.createArguments.shape.input, 'reader');
const takenAddress = propertyOf(takenCustomer, ['shippingAddress']).anyOf?.[0] ?? {};

const country = { minLength: 2, maxLength: 2, pattern: '^[A-Z]{2}$' };
const taken = (name: string) => propertyOf(takenCustomer, [name]);
const ofAddress = (name: string) => propertyOf(takenAddress, [name]);

const addressProperties = {
  line1: ofAddress('line1'),
  line2: ofAddress('line2'),
  city: ofAddress('city'),
  state: ofAddress('state'),
  postal_code: ofAddress('postalCode'),
  country: { ...ofAddress('country'), ...country },
} satisfies Record<keyof WireAddress, Schema>;

const customerProperties = {
  id: { type: 'string', description: 'Made by the service. Opaque.' },
  name: taken('name'),
  email: taken('email'),
  corporation_id: taken('corporationId'),
  created_at: time('When it was created, in seconds since 1970.'),
  external_id: taken('externalId'),
  shipping_address: { anyOf: [reference('schemas', 'Address'), { type: 'null' }] },
  source_platform: taken('sourcePlatform'),
  source_platform_id: taken('sourcePlatformId'),
  updated_at: time('When it was last changed, in seconds since 1970.'),
  version: { type: 'integer', minimum: 1, description: 'Grows by one with each change.' },
} satisfies Record<keyof WireCustomer, Schema>;

const corporationProperties = {
  id: { type: 'string', description: 'Opaque.' },
  legal_name: propertyOf(takenCorporation, ['legalName']),
  jurisdiction: { ...propertyOf(takenCorporation, ['jurisdiction']), ...country },
  created_at: time('When it was created, in seconds since 1970.'),
} satisfies Record<keyof WireCorporation, Schema>;

/** What came of one of many. */
const results: Schema[] = [
  open({
    status: { type: 'integer', const: 201 },
    customer: reference('schemas', 'Customer'),
  }),
  ...(['INVALID_INPUT', 'CONFLICT'] satisfies Code[]).map((code) =>
    open({
      status: { type: 'integer', const: statuses[code] },
      error: problemReference(code),
    }),
  ),
];

/** Everything is always there, null where there is none; more may be added. */
function open(properties: Record<string, Schema>): Schema {
  return { type: 'object', properties, required: Object.keys(properties) };
}

/** Nothing else is taken. */
function closed(properties: Record<string, Schema>): Schema {
  return { ...open(properties), additionalProperties: false };
}

function listOf(name: string): Schema {
  return { type: 'array', items: reference('schemas', name) };
}

/** The address is a component of its own, so that clients have one type for it. */
function withAddress({ properties = {}, ...schema }: Schema): Schema {
  const choice = { anyOf: [reference('schemas', 'AddressInput'), { type: 'null' }] };
  return { ...schema, properties: { ...properties, shipping_address: choice } };
}
