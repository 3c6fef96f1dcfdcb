import { z } from 'zod';
import { idempotencyKey } from '../idempotency.js';
import { hasPrefix } from '../ids.js';
import { cursorCodec, notFirstAndLast } from '../paging.js';
import { country } from '../validation/country.js';
import { issue } from '../validation/issue.js';
import { optional, text } from '../validation/text.js';

/** What `create` takes. */
export const createArguments = z.strictObject({
  input: z.strictObject({
    legalName: text({ max: 255 }).meta({ description: 'The name that it is registered under.' }),
    jurisdiction: country.meta({ description: 'The country that it is registered in.' }),
  }),
  idempotencyKey,
});

/** URL-safe, which no id is without. */
const idPattern = /^(?=.*\w)[\w.~:-]{1,255}$/;

/** An id that an operator chose, and not one that could be taken for a customer's. */
const chosenId = z.string().check((context) => {
  if (!idPattern.test(context.value) || hasPrefix(context.value, 'cust')) {
    context.issues.push(
      issue(
        context.value,
        'INVALID_CHARACTERS',
        'must be 1 to 255 letters, digits or any of _ - . ~ : and must not begin with cust_',
      ),
    );
  }
});

/** What `createWithId` takes. */
export const createWithIdArguments = createArguments.extend({ id: optional(chosenId) });

export const corporationCursor = cursorCodec(
  z.strictObject({ createdAt: z.int().min(0), id: z.string().regex(idPattern) }),
);

/** What `list` takes. */
export const listArguments = (pageLimit: number) =>
  z.strictObject(corporationCursor.pageFields(pageLimit)).refine(...notFirstAndLast);
