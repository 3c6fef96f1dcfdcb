import { z } from 'zod';
import { checkOfWhole, issue } from './issue.js';

/** A list of 1 to `max` items. */
export function items<Item extends z.ZodType>(item: Item, { max }: { max: number }) {
  return z
    .array(item)
    .check(
      checkOfWhole(({ value: { length }, issues }) => {
        if (length < 1) issues.push(issue(undefined, 'TOO_FEW', 'must have at least 1 item'));
        if (length > max) {
          issues.push(issue(undefined, 'TOO_MANY', `must have at most ${max} items`));
        }
      }),
    )
    .meta({ minItems: 1, maxItems: max });
}
