import { builder } from './builder.js';

builder.scalarType('DateTime', {
  description:
    'A moment in UTC with milliseconds, as RFC 3339 writes it: `2026-01-31T12:00:00.000Z`.',
  specifiedByURL: 'https://scalars.graphql.org/andimarek/date-time.html',
  serialize: (milliseconds) => new Date(milliseconds).toISOString(),
  parseValue: () => {
    throw new TypeError('No input takes a DateTime.');
  },
});
