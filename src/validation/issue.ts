import type { z } from 'zod';
import type { InputIssueCode } from '../errors.js';

/** A broken rule of ours in the form in which zod carries it. */
export function issue(input: unknown, code: InputIssueCode, message: string) {
  return { code: 'custom' as const, input, message, params: { code } };
}

/**
 * What a `refine` of an object or a list as a whole raises. It is looked at also when something within is
 * wrong, of which zod would tell alone, but not when it is no object or no list at all.
 */
export function ofWhole(code: InputIssueCode, message: string, path: string[] = []) {
  const when = ({ issues }: z.core.ParsePayload) =>
    !issues.some((found) => found.code === 'invalid_type' && !found.path?.length);
  return { error: message, params: { code }, path, when };
}
