import { z } from 'zod';
import { ofWhole } from './issue.js';

/** A list of 1 to `max` items. */
export function items<Item extends z.ZodType>(item: Item, { max }: { max: number }) {
  return z
    .array(item)
    .refine(({ length }) => length >= 1, ofWhole('TOO_FEW', 'must have at least 1 item'))
    .refine(({ length }) => length <= max, ofWhole('TOO_MANY', `must have at most ${max} items`))
    .meta({ minItems: 1, maxItems: max });
}
