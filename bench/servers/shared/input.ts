import { iso31661 } from 'iso-3166/1.js';
import { z } from 'zod';

/** Clientele's rules for a customer, as one writes them down with zod. */

const countries = new Set(iso31661.map((country) => country.alpha2));
const unprintable = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u;

const text = (min: number, max: number) =>
  z
    .string()
    .min(min)
    .max(max)
    .refine((value) => !unprintable.test(value), 'must not contain control characters');
const trimmed = (min: number, max: number) => z.string().trim().pipe(text(min, max));
const optional = <Schema extends z.ZodType>(schema: Schema) =>
  schema.nullish().transform((value) => value ?? null);

const line = optional(trimmed(1, 255));
const address = {
  line1: line,
  line2: line,
  city: line,
  state: line,
  country: optional(
    z
      .string()
      .trim()
      .toUpperCase()
      .refine((value) => countries.has(value), 'must be an ISO 3166-1 alpha-2 country code'),
  ),
};
const postalCode = optional(trimmed(1, 32));

const common = {
  name: trimmed(3, 255),
  email: optional(z.string().trim().max(254).pipe(z.email())),
};
const externalId = optional(text(1, 255));
const corporationId = text(1, 255);
const platform = optional(trimmed(1, 255));

/** As GraphQL spells it. */
export const customerInput = z.strictObject({
  ...common,
  corporationId,
  externalId,
  shippingAddress: optional(z.strictObject({ ...address, postalCode })),
  sourcePlatform: platform,
  sourcePlatformId: platform,
});

export type CustomerInput = z.output<typeof customerInput>;

/** As REST spells it. */
export const customerBody = z
  .strictObject({
    ...common,
    corporation_id: corporationId,
    external_id: externalId,
    shipping_address: optional(z.strictObject({ ...address, postal_code: postalCode })),
    source_platform: platform,
    source_platform_id: platform,
  })
  .transform(({ name, email, shipping_address, ...body }): CustomerInput => {
    return {
      name,
      email,
      corporationId: body.corporation_id,
      externalId: body.external_id,
      shippingAddress: shipping_address && toAddress(shipping_address),
      sourcePlatform: body.source_platform,
      sourcePlatformId: body.source_platform_id,
    };
  });

function toAddress<Rest>({ postal_code, ...rest }: { postal_code: string | null } & Rest) {
  return { ...rest, postalCode: postal_code };
}
