import type { InputIssueCode } from '../errors.js';

/** A broken rule of ours in the form in which zod carries it. */
export function issue(input: unknown, code: InputIssueCode, message: string) {
  return { code: 'custom' as const, input, message, params: { code } };
}
