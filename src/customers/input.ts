import { z } from 'zod';
import { idempotencyKey } from '../idempotency.js';
import { cursorCodec, notFirstAndLast } from '../paging.js';
import { country } from '../validation/country.js';
import { email } from '../validation/email.js';
import { issue } from '../validation/issue.js';
import { items } from '../validation/items.js';
import { blankable, exactText, optional, text } from '../validation/text.js';
import type { Address } from './customer.js';

const id = exactText({ max: 255 });
const name = text({ min: 3, max: 255 });
const externalId = exactText({ max: 255 });
const sourcePlatform = text({ max: 255 });
const sourcePlatformId = exactText({ max: 255 });
const addressLine = blankable(text({ max: 255 }));

/** An address with nothing in it is no address. */
const shippingAddress = z
  .strictObject({
    line1: addressLine,
    line2: addressLine,
    city: addressLine,
    state: addressLine,
    postalCode: blankable(text({ max: 32 })),
    country: blankable(country),
  })
  .transform((address): Address | null =>
    Object.values(address).some((line) => line !== null) ? address : null,
  );

const customerFields = {
  corporationId: id,
  name,
  email: optional(email),
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
    email: email.nullable().optional(),
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

export const customerCursor = cursorCodec(z.string().startsWith('cust_').max(255));

const filterText = optional(exactText({ max: 255 }));
/** How many values a filter may name. */
export const maxFilterValues = 100;

const filterList = optional(items(exactText({ max: 255 }), { max: maxFilterValues }));

/** What `list` takes. */
export const listArguments = (pageLimit: number) =>
  z
    .strictObject({
      corporationId: id,
      filter: z
        .strictObject({
          name: filterText,
          search: filterText,
          email: filterText,
          externalId: filterText,
          sourcePlatforms: filterList,
          sourcePlatformIds: filterList,
        })
        .nullish()
        .transform((filter) => filter ?? noFilter),
      orderBy: optional(z.enum(['NEWEST_FIRST', 'OLDEST_FIRST'])),
      ...customerCursor.pageFields(pageLimit),
    })
    .check(notFirstAndLast);

const noFilter = {
  name: null,
  search: null,
  email: null,
  externalId: null,
  sourcePlatforms: null,
  sourcePlatformIds: null,
};
