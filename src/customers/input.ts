import { z } from 'zod';
import { idempotencyKey } from '../idempotency.js';
import { country } from '../validation/country.js';
import { email } from '../validation/email.js';
import { blankable, exactText, optional, text } from '../validation/text.js';
import type { Address } from './customer.js';

const addressLine = blankable(exactText({ max: 255 }));

/** An address with nothing in it is no address. */
const shippingAddress = optional(
  z
    .strictObject({
      line1: addressLine,
      line2: addressLine,
      city: addressLine,
      state: addressLine,
      postalCode: blankable(exactText({ max: 32 })),
      country: blankable(country),
    })
    .transform((address): Address | null =>
      Object.values(address).some((line) => line !== null) ? address : null,
    ),
);

/** What `create` takes. */
export const createArguments = z.strictObject({
  input: z.strictObject({
    corporationId: exactText({ max: 255 }),
    name: text({ min: 3, max: 255 }),
    email: optional(email),
    externalId: optional(exactText({ max: 255 })),
    shippingAddress,
    sourcePlatform: optional(text({ max: 255 })),
    sourcePlatformId: optional(exactText({ max: 255 })),
  }),
  idempotencyKey,
});
