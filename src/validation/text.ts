import { z } from 'zod';
import { issue } from './issue.js';

/** Control characters, lone surrogates, and Unicode's line and paragraph separators. */
const unprintable = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u;

type Length = { min?: number; max: number };

/** Printable text as its sender wrote it, of `min` (1 unless told) to `max` Unicode code points. */
export function exactText({ min = 1, max }: Length) {
  return z.string().check((context) => {
    const text = context.value;
    const length = codePoints(text);
    if (length < min) {
      context.issues.push(issue(text, 'TOO_SHORT', `must have at least ${counted(min)}`));
    }
    if (length > max) {
      context.issues.push(issue(text, 'TOO_LONG', `must have at most ${counted(max)}`));
    }
    if (unprintable.test(text)) {
      context.issues.push(
        issue(text, 'INVALID_CHARACTERS', 'must not contain line breaks or control characters'),
      );
    }
  });
}

/** As `exactText`, without the white space around it. */
export function text(length: Length) {
  return z.string().trim().pipe(exactText(length));
}

/** Absent and null both mean that there is none. */
export function optional<Schema extends z.ZodType>(schema: Schema) {
  return schema.nullish().transform((value) => value ?? null);
}

/** As `optional`, and blank text means that there is none either, as forms send it. */
export function blankable<Schema extends z.ZodType<unknown, string>>(schema: Schema) {
  return optional(z.string().trim().transform(blankToNull).pipe(schema.nullable()));
}

function blankToNull(value: string): string | null {
  return value === '' ? null : value;
}

function codePoints(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}

function counted(characters: number): string {
  return characters === 1 ? '1 character' : `${characters} characters`;
}
