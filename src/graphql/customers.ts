import { builder } from './builder.js';
import { Corporation } from './corporation.js';
import { Customer } from './customer.js';
import { costOfPage, listOf } from './list.js';

const CustomerFilter = builder.inputType('CustomerFilter', {
  description:
    'Which customers to list. A customer must match everything that is given; a field that is left out or null is not looked at. Every text has 1 to 255 characters.',
  fields: (t) => ({
    name: t.string({ description: 'The name, exactly, letter case included.' }),
    search: t.string({
      description:
        'A part of the name, in any letter case: `acme` finds `Acme Corporation`. Three characters or more are found fastest.',
    }),
    email: t.string({ description: 'The e-mail address, exactly, letter case included.' }),
    externalId: t.string({ description: 'Your own identifier, exactly, letter case included.' }),
    sourcePlatforms: t.stringList({
      description: 'The platform is one of these, 1 to 100: `["shopify", "stripe"]`.',
    }),
    sourcePlatformIds: t.stringList({
      description: 'What identifies the customer on its platform is one of these, 1 to 100.',
    }),
  }),
});

const CustomerOrder = builder.enumType('CustomerOrder', {
  description: 'In which order to list customers.',
  values: {
    NEWEST_FIRST: { description: 'The one that was created last comes first.' },
    OLDEST_FIRST: { description: 'The one that was created first comes first.' },
  },
});

const CustomerConnection = listOf(Customer, 'customers');

const listArguments = builder.args((t) => ({
  filter: t.field({ type: CustomerFilter, description: 'Which of them to list; all by default.' }),
  orderBy: t.field({
    type: CustomerOrder,
    defaultValue: 'NEWEST_FIRST',
    description: 'In which order to list them.',
  }),
}));

builder.queryField('customers', (t) =>
  t.connection(
    {
      type: Customer,
      description:
        'Lists the customers of a corporation, page by page. Customers that come or go between two pages never make another be skipped or repeated.',
      args: {
        corporationId: t.arg.id({
          required: true,
          description: 'The id of the corporation whose customers to list: `corp_123`.',
        }),
        ...listArguments,
      },
      complexity: costOfPage,
      resolve: (_root, args, { customers, viewer }) => customers.list(viewer, args),
    },
    CustomerConnection,
  ),
);

builder.objectField(Corporation, 'customers', (t) =>
  t.connection(
    {
      type: Customer,
      description: 'Lists the customers of the corporation, page by page.',
      args: listArguments,
      complexity: costOfPage,
      resolve: ({ id }, args, { customers, viewer }) =>
        customers.list(viewer, { corporationId: id, ...args }),
    },
    CustomerConnection,
  ),
);
