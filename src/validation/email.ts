import { z } from 'zod';
import { issue } from './issue.js';
import { trimmed } from './text.js';

/** The longest address that SMTP can carry (RFC 5321, 4.5.3.1.3, less the angle brackets). */
const maxLength = 254;

/** An e-mail address of ASCII letters with a dotted domain, without the white space around it. */
export const email = z
  .string()
  .trim()
  .check((context) => {
    if (context.value.length > maxLength) {
      context.issues.push(
        issue(context.value, 'TOO_LONG', `must have at most ${maxLength} characters`),
      );
    } else if (!z.regexes.email.test(context.value)) {
      context.issues.push(
        issue(context.value, 'INVALID_EMAIL', 'must be an e-mail address, such as ada@example.com'),
      );
    }
  })
  .meta({
    format: 'email',
    pattern: z.regexes.email.source,
    maxLength,
    rules: `ASCII letters and a domain with a dot. ${trimmed}`,
  });
