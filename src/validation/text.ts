import { z } from 'zod';
import { issue } from './issue.js';

/** Control characters, lone surrogates, and Unicode's line and paragraph separators. */
const unprintable = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u;

type Length = { min?: number; max: number };

// What JSON Schema has no keyword for is said in words: `rules` in the metadata of each schema.
export const trimmed = 'White space around it is removed, before it is validated.';
const printableOnly = 'No line breaks or control characters.';

/** Printable text as its sender wrote it, of `min` (1 unless told) to `max` Unicode code points. */
export function exactText(length: Length) {
  return z
    .string()
    .check(printable(length))
    .meta({ ...lengthsOf(length), rules: printableOnly });
}

/** As `exactText`, without the white space around it. */
export function text(length: Length) {
  return z
    .string()
    .trim()
    .check(printable(length))
    .meta({ ...lengthsOf(length), rules: `${trimmed} ${printableOnly}` });
}

/** JSON Schema counts code points too. */
function lengthsOf({ min = 1, max }: Length) {
  return { minLength: min, maxLength: max };
}

function printable({ min = 1, max }: Length) {
  return ({ value, issues }: z.core.ParsePayload<string>) => {
    // Code points are counted where it can matter: each is one or two of what JavaScript counts.
    if (value.length < 2 * min && codePoints(value) < min) {
      issues.push(issue(value, 'TOO_SHORT', `must have at least ${counted(min)}`));
    }
    if (value.length > max && codePoints(value) > max) {
      issues.push(issue(value, 'TOO_LONG', `must have at most ${counted(max)}`));
    }
    if (unprintable.test(value)) {
      issues.push(
        issue(value, 'INVALID_CHARACTERS', 'must not contain line breaks or control characters'),
      );
    }
  };
}

/** Absent and null both mean that there is none. */
export function optional<Schema extends z.ZodType>(schema: Schema) {
  return schema.nullable().default(null);
}

/** As `optional`, and blank text means that there is none either, as forms send it. */
export function blankable<Schema extends z.ZodType>(schema: Schema) {
  return z
    .preprocess(blankToNull, schema.nullable())
    .meta({ minLength: 0, blank: 'Blank text means that there is none.' });
}

function blankToNull(value: unknown): unknown {
  return value === undefined || (typeof value === 'string' && value.trim() === '') ? null : value;
}

function codePoints(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}

function counted(characters: number): string {
  return characters === 1 ? '1 character' : `${characters} characters`;
}
