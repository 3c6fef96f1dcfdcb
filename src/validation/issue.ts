import { z } from 'zod';
import type { InputIssueCode } from '../errors.js';

/** A broken rule of ours in the form in which zod carries it. */
export function issue(input: unknown, code: InputIssueCode, message: string) {
  return { code: 'custom' as const, input, message, params: { code } };
}

/**
 * A check of an object or a list as a whole, made also when something within it is wrong, of which zod
 * would tell alone. What it looks at may be of any type then.
 */
export function checkOfWhole<Whole extends object>(check: z.core.CheckFn<Whole>) {
  const made = z.check(check);
  made._zod.def.when = ({ value }) => typeof value === 'object' && value !== null;
  return made;
}
