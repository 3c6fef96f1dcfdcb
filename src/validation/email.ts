import { z } from 'zod';
import { issue } from './issue.js';
import { trimmed } from './text.js';

/** The longest address that SMTP can carry (RFC 5321, 4.5.3.1.3, less the angle brackets). */
const maxLength = 254;

/** A dot-atom (RFC 5322, 3.2.3), and a domain with a dot, in ASCII. */
const address =
  /^[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*@(?:[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?\.)+[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?$/i;

/** An e-mail address, without the white space around it. */
export const email = z
  .string()
  .trim()
  .check((context) => {
    if (context.value.length > maxLength) {
      context.issues.push(
        issue(context.value, 'TOO_LONG', `must have at most ${maxLength} characters`),
      );
    } else if (!address.test(context.value)) {
      context.issues.push(
        issue(context.value, 'INVALID_EMAIL', 'must be an e-mail address, such as ada@example.com'),
      );
    }
  })
  .meta({
    format: 'email',
    maxLength,
    rules: `ASCII only, and with a dot in the domain. ${trimmed}`,
  });
