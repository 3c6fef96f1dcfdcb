import type { SizeLimits } from '../../customers/service.js';
import { version } from '../../package.js';
import { corporationPaths } from './corporations.js';
import { customerPaths } from './customers.js';
import { headers } from './headers.js';
import { introduction } from './introduction.js';
import type { Tag } from './operation.js';
import { operationsPaths } from './operations.js';
import { headerParameters } from './parameters.js';
import { sharedReplies } from './responses.js';
import { createSchemas } from './schemas.js';

const tags: Record<Tag, string> = {
  Customers: 'The customers of a corporation.',
  Corporations: 'The companies that have customers.',
  Operations:
    'For those who run the service. None of these needs a token. Where the service was started with a `METRICS_TOKEN` there is `GET /metrics` too, for Prometheus, which sends that token.',
};

/** The REST face as an OpenAPI document: https://spec.openapis.org/oas/v3.1.1.html */
export function createDocument(limits: SizeLimits) {
  const paths = { ...customerPaths(limits), ...corporationPaths(limits), ...operationsPaths() };
  return {
    openapi: '3.1.1',
    info: {
      title: 'Clientele',
      summary: 'The customer service that a company runs for itself.',
      description: introduction(limits),
      version,
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [
      { url: '/', description: 'This service.' },
      { url: '/api/v1', description: 'The same, for clients that expect this prefix.' },
    ],
    tags: Object.entries(tags).map(([name, description]) => ({ name, description })),
    security: [{ token: [] }],
    paths,
    components: {
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer', description: 'A token of the service.' },
      },
      schemas: createSchemas(limits),
      responses: sharedReplies(paths),
      parameters: headerParameters,
      headers,
    },
  };
}
