import { randomUUID } from 'node:crypto';
import { type Context, Hono, type MiddlewareHandler } from 'hono';
import { cors } from 'hono/cors';
import { methodNotAllowed } from 'hono/method-not-allowed';
import { operator } from './access/viewer.js';
import type { Config } from './config.js';
import { NotFoundError, type UnavailableError } from './errors.js';
import { createGraphql, toErrorBody } from './graphql/endpoint.js';
import { createGraphiql } from './graphql/graphiql.js';
import { sdl } from './graphql/sdl.js';
import type { Admission } from './http/admission.js';
import { createAssets } from './http/assets.js';
import { createContextMaker } from './http/context.js';
import { HttpError } from './http/errors.js';
import { createEveryday, type Everyday } from './http/everyday.js';
import type { Exchanges } from './http/exchange.js';
import { health } from './http/health.js';
import { home } from './http/home.js';
import { exchanged, type HttpEnv, hosted, toResponse } from './http/hono.js';
import type { Description } from './http/listen.js';
import { type MetricsPage, metrics } from './http/metrics.js';
import type { Route } from './http/route.js';
import { docs } from './rest/docs.js';
import { openapi } from './rest/openapi/openapi.js';
import { problemReply, toProblem } from './rest/problem.js';
import { createRest } from './rest/rest.js';
import type { Services } from './services.js';

export type AppOptions = {
  config: Config;
  services: Services;
  exchanges: Exchanges;
  admission: Admission;
  /** Rejects when the service cannot do its work just now. */
  ready: () => Promise<void>;
  /** What GraphiQL sends on a machine of one's own; null for none. */
  graphiqlToken: string | null;
  /** Traces each request; null for no traces. */
  trace: MiddlewareHandler<HttpEnv> | null;
  /** `/metrics`; null for none. */
  metricsPage: MetricsPage | null;
};

/** What answers requests: those of every day, and all that there are. */
export type App = { everyday: Everyday; app: Hono<HttpEnv> };

/** The whole HTTP surface: what answers each path. */
export function createApp(options: AppOptions): App {
  const { config, services, exchanges, admission, ready, graphiqlToken } = options;
  const { trace, metricsPage } = options;
  const app = new Hono<HttpEnv>({ strict: false });
  const makeContext = createContextMaker(services, config);
  const assets = createAssets();
  const graphql: Route = {
    method: 'POST',
    path: '/graphql',
    answer: createGraphql(makeContext, admission, config),
  };
  const rest = createRest(makeContext, admission, config);
  const routes: Route[] = [
    graphql,
    ...rest,
    ...rest.map((route) => ({ ...route, path: `/api/v1${route.path}` })),
  ];
  const oldestCorporation = async () =>
    (await services.corporations.list(operator, { last: 1 })).edges[0]?.node.id ?? null;

  app.use(exchanged(exchanges));
  if (trace) app.use(trace);
  if (config.corsOrigins.length > 0) {
    const allowed = cors({
      origin: [...config.corsOrigins],
      allowMethods: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
      exposeHeaders: [
        ...['ETag', 'Idempotent-Replayed', 'Location', 'RateLimit', 'RateLimit-Policy'],
        ...['Retry-After', 'X-Request-Id'],
      ],
      maxAge: 600,
    });
    // The API alone: GraphiQL's page may hold a token, which no other page should read.
    const paths = ['/graphql', '/customers/*', '/corporations/*', '/api/v1/*', '/openapi.json'];
    for (const path of paths) app.use(path, allowed);
  }
  app.use(methodNotAllowed<HttpEnv>({ app, onMethodNotAllowed }));

  app.route('/', health(ready));
  if (metricsPage) app.route('/', metrics(metricsPage));
  app.route('/', home(config));
  app.route('/', assets.routes);
  app.route('/', docs(assets));
  app.route('/', sdl());
  if (config.graphiql) {
    app.route(
      '/graphiql',
      createGraphiql({ token: graphiqlToken, corporationId: oldestCorporation, assets }),
    );
    app.get('/graphql', async (c, next) => (fromBrowser(c) ? c.redirect('/graphiql') : next()));
  }
  app.route('/', openapi(config));
  // By GET it is the browser's too, which is sent to GraphiQL.
  for (const route of [{ ...graphql, method: 'GET' as const }, ...routes]) {
    app.on(route.method, [route.path], ...hosted(route));
  }

  app.notFound((c) => problem(c, new NotFoundError('There is nothing at this path.')));
  app.onError((error, c) => problem(c, error));
  // Spans are made by a middleware.
  return { everyday: trace ? () => false : createEveryday(exchanges, routes), app };
}

function problem(c: Context<HttpEnv>, error: unknown): Response {
  return toResponse(c, problemReply(c.get('exchange'), error));
}

type Unread = HttpError | UnavailableError;

/** Where the id of the request goes in a body that is made beforehand. */
const placeholder = 'X-Request-Id';

/**
 * The answers to requests that no route has seen, in the form of the face that each was sent to. Very
 * many may be refused with one error while there is too much to do, so its body is made but once.
 */
export function createRefusals() {
  const bodies = { graphql: new WeakMap<Unread, string>(), rest: new WeakMap<Unread, string>() };

  return (error: Unread, path = ''): Description => {
    const face = path.startsWith('/graphql') ? 'graphql' : 'rest';
    let body = bodies[face].get(error);
    if (body === undefined) {
      const content = face === 'graphql' ? toErrorBody : toProblem;
      body = JSON.stringify(content(error, placeholder));
      bodies[face].set(error, body);
    }
    const requestId = randomUUID();
    return {
      requestId,
      contentType: face === 'graphql' ? 'application/json' : 'application/problem+json',
      body: body.replace(placeholder, requestId),
    };
  };
}

/** Whether a URL must answer also while there is too much to do, since others decide by it. */
export function isNeverRefused(url: string): boolean {
  return /^\/(?:healthz|readyz|metrics)\/?(?:\?|$)/.test(url);
}

function onMethodNotAllowed(c: Context<HttpEnv>, methods: string[]): Response {
  const allow = methods.join(', ');
  return problem(
    c,
    new HttpError('METHOD_NOT_ALLOWED', `This path answers ${allow} only.`, { Allow: allow }),
  );
}

/** Whether a person opened the address, rather than a program that asks for data. */
function fromBrowser(c: Context): boolean {
  return (c.req.header('accept') ?? '').includes('text/html') && c.req.query('query') === undefined;
}
