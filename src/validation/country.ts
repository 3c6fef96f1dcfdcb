import { iso31661 } from 'iso-3166/1.js';
import { z } from 'zod';
import { issue } from './issue.js';
import { trimmed } from './text.js';

const assigned: ReadonlySet<string> = new Set(iso31661.map((country) => country.alpha2));

/** A country code that ISO 3166-1 alpha-2 has assigned, in either case; returned in upper case. */
export const country = z
  .string()
  .trim()
  .check((context) => {
    // Looked at before it is upper-cased, which makes "SS" of "ß".
    if (!/^[a-z]{2}$/i.test(context.value) || !assigned.has(context.value.toUpperCase())) {
      context.issues.push(
        issue(
          context.value,
          'INVALID_COUNTRY',
          'must be an ISO 3166-1 alpha-2 country code, such as US',
        ),
      );
    }
  })
  .toUpperCase()
  .meta({
    minLength: 2,
    maxLength: 2,
    rules: `An ISO 3166-1 alpha-2 code in either case; returned in upper case. ${trimmed}`,
  });
