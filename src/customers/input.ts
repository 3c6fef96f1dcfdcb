import { z } from 'zod';
import { idempotencyKey } from '../idempotency.js';
import { cursorCodec, notFirstAndLast } from '../paging.js';
import { country } from '../validation/country.js';
import { email } from '../validation/email.js';
import { issue } from '../validation/issue.js';
import { items } from '../validation/items.js';
import { blankable, exactText, optional, text } from '../validation/text.js';
import type { Address } from './customer.js';

// The descriptions are for contracts that are made of these schemas.
const id = exactText({ max: 255 }).meta({ description: 'The id of a customer. Opaque.' });
const corporationId = exactText({ max: 255 }).meta({
  description: 'The corporation that the customer belongs to, by its id. Opaque.',
});
const name = text({ min: 3, max: 255 }).meta({ description: 'The name to show.' });
const emailAddress = email.meta({ description: 'An e-mail address.' });
const externalId = exactText({ max: 255 }).meta({
  description:
    'Your own identifier, kept exactly as it is. No two customers of a corporation have the same.',
});
const sourcePlatform = text({ max: 255 }).meta({
  description: 'The platform that the customer is imported or synced from, such as `shopify`.',
});
const sourcePlatformId = exactText({ max: 255 }).meta({
  description: 'What identifies the customer on that platform.',
});
const addressLine = (description: string, max = 255) =>
  blankable(text({ max })).meta({ description });

/** An address with nothing in it is no address. */
const shippingAddress = z
  .strictObject({
    line1: addressLine('Street and number.'),
    line2: addressLine('Flat, suite, floor or the like.'),
    city: addressLine('The city.'),
    state: addressLine('State, province or region.'),
    postalCode: addressLine('The postal code.', 32),
    country: blankable(country).meta({ description: 'The country.' }),
  })
  .transform((address): Address | null =>
    Object.values(address).some((line) => line !== null) ? address : null,
  )
  .meta({ description: 'Where to ship to. An address with nothing in it is no address.' });

const customerFields = {
  corporationId,
  name,
  email: optional(emailAddress),
  externalId: optional(externalId),
  shippingAddress: optional(shippingAddress),
  sourcePlatform: optional(sourcePlatform),
  sourcePlatformId: optional(sourcePlatformId),
};

/**
 * The versions that a customer may be at for a change to go ahead, 0 for one that is not there, or
 * "any" for one that is there; without them the change goes ahead in any case.
 */
const expectedVersions = optional(z.union([z.literal('any'), z.array(z.number())]));

/** What `create` takes. */
export const createArguments = z.strictObject({
  input: z.strictObject(customerFields),
  idempotencyKey,
});

/** How many customers one call may create where no other limit is set. */
export const defaultBulkLimit = 500;

/** What `createMany` takes, beside the arguments of `create` for each. */
export const createManyArguments = (bulkLimit: number) =>
  z.strictObject({
    inputs: items(z.unknown(), { max: bulkLimit }),
    idempotencyKey,
  });

/** What `update` takes: a field left out stays as it is, null clears it. */
export const updateArguments = z.strictObject({
  input: z.strictObject({
    id,
    name: name.optional(),
    email: emailAddress.nullable().optional(),
    externalId: externalId.nullable().optional(),
    shippingAddress: shippingAddress.nullable().optional(),
    sourcePlatform: sourcePlatform.nullable().optional(),
    sourcePlatformId: sourcePlatformId.nullable().optional(),
  }),
  expectedVersions,
  idempotencyKey,
});

/** What `upsert` takes: what the customer is to be, whether it exists or not. */
export const upsertArguments = z.strictObject({
  input: z.strictObject({ ...customerFields, externalId }),
  expectedVersions,
  idempotencyKey,
});

/** An id as the service makes them, and as an export has them. */
const ownId = z.string().check((context) => {
  if (!/^cust_[0-7][0-9a-hjkmnp-tv-z]{25}$/.test(context.value)) {
    context.issues.push(
      issue(
        context.value,
        'INVALID_CHARACTERS',
        'must be the id of a customer, as it was exported',
      ),
    );
  }
});

/** What `restore` takes. */
export const restoreArguments = z.strictObject({
  input: z.strictObject({ id: ownId, ...customerFields }),
});

/** What `remove` takes. */
export const removeArguments = z.strictObject({
  input: z.strictObject({ id }),
  expectedVersions,
  idempotencyKey,
});

export const customerCursor = cursorCodec(
  z
    .string()
    .regex(/^cust_\w+$/)
    .max(255),
);

const filterText = (description: string) => optional(exactText({ max: 255 })).meta({ description });

/** How many values a filter may name. */
export const maxFilterValues = 100;

const filterList = (description: string) =>
  optional(items(exactText({ max: 255 }), { max: maxFilterValues })).meta({ description });

/** What `list` takes. */
export const listArguments = (pageLimit: number) =>
  z
    .strictObject({
      corporationId: corporationId.meta({
        description: 'The corporation whose customers to list, by its id.',
      }),
      filter: z
        .strictObject({
          name: filterText('Customers of exactly this name.'),
          search: filterText('Customers with this text in their name, in any letter case.'),
          email: filterText('Customers of exactly this e-mail address.'),
          externalId: filterText('The customer with this external id.'),
          sourcePlatforms: filterList('Customers from any of these platforms.'),
          sourcePlatformIds: filterList('Customers with any of these ids on their platform.'),
        })
        .nullish()
        .transform((filter) => filter ?? noFilter),
      orderBy: optional(z.enum(['NEWEST_FIRST', 'OLDEST_FIRST'])),
      ...customerCursor.pageFields(pageLimit),
    })
    .refine(...notFirstAndLast);

const noFilter = {
  name: null,
  search: null,
  email: null,
  externalId: null,
  sourcePlatforms: null,
  sourcePlatformIds: null,
};
