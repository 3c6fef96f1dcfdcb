import { operation } from './operation.js';
import { reference } from './reference.js';
import { reply } from './responses.js';

const here = [{ url: '/', description: 'At the root only.' }];
const health = (status: string) => ({
  schema: reference('schemas', 'Health'),
  examples: { [status]: { status } },
});

/** The paths that nobody needs a token for. */
export function operationsPaths() {
  return {
    '/healthz': {
      servers: here,
      get: operation({
        id: 'getHealth',
        tag: 'Operations',
        summary: 'Whether the process runs',
        description: 'Answers also while there is too much to do.',
        replies: { 200: reply('It runs.', [], health('ok')) },
        errors: [],
        open: true,
      }),
    },
    '/readyz': {
      servers: here,
      get: operation({
        id: 'getReadiness',
        tag: 'Operations',
        summary: 'Whether the service can do its work',
        description: 'It cannot while its database takes no writes; reads go on then.',
        replies: {
          200: reply('It can.', [], health('ready')),
          503: reply('It cannot just now.', ['Retry-After'], health('unavailable')),
        },
        errors: [],
        open: true,
      }),
    },
    '/openapi.json': {
      servers: here,
      get: operation({
        id: 'getOpenApi',
        tag: 'Operations',
        summary: 'This document',
        description: 'With an `ETag`, so that whoever has it need not fetch it again.',
        replies: {
          200: reply('The document, in OpenAPI 3.1.', ['ETag'], {
            schema: { type: 'object' },
            examples: {},
          }),
          304: reply('Unchanged since the `ETag` in `If-None-Match`.', ['ETag']),
        },
        errors: ['UNAVAILABLE'],
        open: true,
      }),
    },
  };
}
