import type { Customer as CustomerRecord } from '../customers/customer.js';
import { AddressType } from './address.js';
import { builder } from './builder.js';
import { Corporation } from './corporation.js';

export const Customer = builder.objectRef<CustomerRecord>('Customer');

builder.node(Customer, {
  description: 'Someone that a corporation sells to.',
  id: {
    resolve: (customer) => customer.id,
    description: 'Identifies the customer. Opaque: do not take it apart.',
  },
  loadOne: (id, { customers, viewer }) => customers.byId(viewer, id),
  fields: (t) => ({
    corporation: t.field({
      type: Corporation,
      description: 'The corporation that the customer belongs to.',
      resolve: async (customer, _args, { corporations, viewer }) => {
        const corporation = await corporations.byId(viewer, customer.corporationId);
        if (!corporation) throw new Error(`Customer ${customer.id} has no corporation.`);
        return corporation;
      },
    }),
    corporationId: t.exposeID('corporationId', {
      description: 'The id of the corporation that the customer belongs to.',
    }),
    name: t.exposeString('name', {
      description: 'The name to show for the customer: `Acme Corporation`.',
    }),
    email: t.exposeString('email', {
      nullable: true,
      description: 'An e-mail address: `ada@example.com`. Null when none was given.',
    }),
    externalId: t.exposeString('externalId', {
      nullable: true,
      description:
        'Your own identifier for the customer, unique within the corporation: `ext_456`. Null when none was given.',
    }),
    shippingAddress: t.expose('shippingAddress', {
      type: AddressType,
      nullable: true,
      description: 'Where to ship to. Null when no address was given.',
    }),
    sourcePlatform: t.exposeString('sourcePlatform', {
      nullable: true,
      description:
        'The platform that the customer was imported or synced from: `shopify`. Null when none was given.',
    }),
    sourcePlatformId: t.exposeString('sourcePlatformId', {
      nullable: true,
      description: 'What identifies the customer on that platform. Null when it was not given.',
    }),
    version: t.exposeInt('version', {
      description:
        '1 when the customer is created, and 1 more with each change. Give it as `expectedVersion` to change the customer only if nobody else has.',
    }),
    createdAt: t.expose('createdAt', {
      type: 'DateTime',
      description: 'When the customer was created.',
    }),
    updatedAt: t.expose('updatedAt', {
      type: 'DateTime',
      description: 'When the customer was last changed; `createdAt` if never.',
    }),
  }),
});

builder.queryFields((t) => ({
  customer: t.field({
    type: Customer,
    nullable: true,
    description:
      'Fetches a customer by its id. Null when there is none, or when your token does not reach it.',
    args: { id: t.arg.id({ required: true, description: 'The id of the customer.' }) },
    resolve: (_root, { id }, { customers, viewer }) => customers.byId(viewer, id),
  }),
  customerByExternalId: t.field({
    type: Customer,
    nullable: true,
    description:
      'Fetches a customer by your own identifier. Null when there is none, or when your token does not reach it.',
    args: {
      corporationId: t.arg.id({
        required: true,
        description: 'The corporation that the customer belongs to.',
      }),
      externalId: t.arg.string({
        required: true,
        description: 'The identifier that you gave the customer, exactly as you gave it.',
      }),
    },
    resolve: (_root, { corporationId, externalId }, { customers, viewer }) =>
      customers.byExternalId(viewer, corporationId, externalId),
  }),
}));
