import { type Context, Hono } from 'hono';
import { cors } from 'hono/cors';
import { methodNotAllowed } from 'hono/method-not-allowed';
import type { Logger } from 'pino';
import { operator } from './access/viewer.js';
import type { Config } from './config.js';
import { NotFoundError } from './errors.js';
import { createGraphql } from './graphql/endpoint.js';
import { createGraphiql } from './graphql/graphiql.js';
import type { HttpEnv } from './http/context.js';
import { HttpError } from './http/errors.js';
import { health } from './http/health.js';
import { logRequests } from './http/log.js';
import { problemReply } from './rest/problem.js';
import { createRest } from './rest/rest.js';
import type { Services } from './services.js';

export type AppOptions = {
  config: Config;
  services: Services;
  log: Logger;
  /** Rejects when the service cannot do its work just now. */
  ready: () => Promise<void>;
  /** What GraphiQL sends on a machine of one's own; null for none. */
  graphiqlToken: string | null;
};

/** The whole HTTP surface: what answers each path. */
export function createApp({ config, services, log, ready, graphiqlToken }: AppOptions) {
  const app = new Hono<HttpEnv>({ strict: false });
  const rest = createRest(services, config);
  const oldestCorporation = async () =>
    (await services.corporations.list(operator, { last: 1 })).edges[0]?.node.id ?? null;

  app.use(logRequests(log));
  if (config.corsOrigins.length > 0) {
    const allowed = cors({
      origin: [...config.corsOrigins],
      allowMethods: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
      exposeHeaders: ['ETag', 'Idempotent-Replayed', 'Location', 'Retry-After', 'X-Request-Id'],
      maxAge: 600,
    });
    // The API alone: GraphiQL's page may hold a token, which no other page should read.
    for (const path of ['/graphql', '/customers/*', '/corporations/*', '/api/v1/*']) {
      app.use(path, allowed);
    }
  }
  app.use(methodNotAllowed<HttpEnv>({ app, onMethodNotAllowed }));

  app.route('/', health(ready));
  if (config.graphiql) {
    app.route(
      '/graphiql',
      createGraphiql({ token: graphiqlToken, corporationId: oldestCorporation }),
    );
    app.get('/', (c) => c.redirect('/graphiql'));
    app.get('/graphql', async (c, next) => (fromBrowser(c) ? c.redirect('/graphiql') : next()));
  }
  app.route('/graphql', createGraphql(services, config));
  app.route('/', rest);
  app.route('/api/v1', rest);

  app.notFound((c) => problemReply(c, new NotFoundError('There is nothing at this path.')));
  app.onError((error, c) => problemReply(c, error));
  return app;
}

function onMethodNotAllowed(c: Context<HttpEnv>, methods: string[]): Response {
  const allow = methods.join(', ');
  return problemReply(
    c,
    new HttpError('METHOD_NOT_ALLOWED', `This path answers ${allow} only.`, { Allow: allow }),
  );
}

/** Whether a person opened the address, rather than a program that asks for data. */
function fromBrowser(c: Context): boolean {
  return (c.req.header('accept') ?? '').includes('text/html') && c.req.query('query') === undefined;
}
