import type { HttpBindings } from '@hono/node-server';
import { getConnInfo } from '@hono/node-server/conninfo';
import { type Context, Hono } from 'hono';
import { compress } from 'hono/compress';
import { etag } from 'hono/etag';
import { html, raw } from 'hono/html';
import { secureHeaders } from 'hono/secure-headers';
import type { HttpEnv } from '../http/context.js';
import { firstOperation, firstVariables, tokenHint } from './firstOperation.js';

export type GraphiqlOptions = {
  /** Put into the headers for whoever opens the page on the machine itself; null for nobody. */
  token: string | null;
  /** A corporation for the operation that is ready to run; null when there is none yet. */
  corporationId: () => Promise<string | null>;
};

/** GraphiQL, served whole from this process, so that it works without a way to the internet. */
export function createGraphiql({ token, corporationId }: GraphiqlOptions): Hono<HttpEnv> {
  return new Hono<HttpEnv>({ strict: false })
    .use(
      secureHeaders({
        contentSecurityPolicy,
        xFrameOptions: 'DENY',
        crossOriginEmbedderPolicy: 'require-corp',
        // For whoever ends TLS to say: it would hold for the whole domain and all below it.
        strictTransportSecurity: false,
      }),
    )
    .get('/', async (c) => {
      c.header('Cache-Control', 'no-store');
      // Whoever is told no token is told no id either.
      return c.html(isOwnMachine(c) && token ? page(token, await corporationId()) : page());
    })
    .get('/assets/:name', compress(), etag(), async (c, next) => {
      const asset = (await assets()).get(c.req.param('name'));
      if (!asset) return next();
      return c.body(asset.text, 200, {
        'Content-Type': asset.type,
        'Cache-Control': 'no-cache',
      });
    });
}

/** Nothing from other origins; the editor makes style elements of its own. */
const contentSecurityPolicy = {
  defaultSrc: ["'none'"],
  scriptSrc: ["'self'"],
  styleSrc: ["'self'", "'unsafe-inline'"],
  workerSrc: ["'self'"],
  connectSrc: ["'self'"],
  imgSrc: ["'self'", 'data:'],
  fontSrc: ["'self'", 'data:'],
  baseUri: ["'none'"],
  formAction: ["'none'"],
  frameAncestors: ["'none'"],
};

const loopbackHost = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?$/i;
const leftByProxy = /^(?:forwarded|via|x-forwarded-.*|x-real-ip|cf-.*|true-client-ip)$/;
const loopbackAddress = /^(?:127\.|::1$|::ffff:127\.)/;

/**
 * Whether the page is opened on the machine that serves it. The Host header is looked at too, since
 * a foreign page can point a name of its own at a loopback address (DNS rebinding), and so are the
 * headers that a proxy leaves, since then the browser may be anywhere.
 */
function isOwnMachine(c: Context<HttpEnv>): boolean {
  const forwarded = Object.keys(c.req.header()).some((name) => leftByProxy.test(name));
  const { incoming } = c.env as HttpBindings;
  return (
    !forwarded &&
    // No browser speaks HTTP/1.0, and some proxies do.
    incoming.httpVersion !== '1.0' &&
    loopbackHost.test(c.req.header('host') ?? '') &&
    loopbackAddress.test(getConnInfo(c).remote.address ?? '')
  );
}

type Asset = { text: string; type: string };

const javaScript = 'text/javascript; charset=utf-8';

/** Read when the page is first opened: 9 MB that most processes never need. */
async function assets(): Promise<ReadonlyMap<string, Asset>> {
  const bundle = await import('@graphql-yoga/render-graphiql/graphiql');
  return new Map<string, Asset>([
    ['graphiql.js', { text: bundle.js, type: javaScript }],
    ['graphiql.css', { text: bundle.css, type: 'text/css; charset=utf-8' }],
    ['editorWorkerService.js', { text: bundle.editorWorkerService, type: javaScript }],
    ['json.js', { text: bundle.jsonWorker, type: javaScript }],
    ['graphql.js', { text: bundle.graphqlWorker, type: javaScript }],
    ['start.js', { text: start, type: javaScript }],
  ]);
}

function page(token: string | null = null, corporationId: string | null = null) {
  const headers = token ? { Authorization: `Bearer ${token}` } : {};
  const query = token ? firstOperation : tokenHint + firstOperation;
  const options = {
    endpoint: '/graphql',
    title: 'Clientele',
    // In the headers of every tab that is opened, and never stored by the browser.
    headers: JSON.stringify(headers, null, 2),
    shouldPersistHeaders: false,
    defaultTabs: [{ query, variables: firstVariables(corporationId) }],
  };
  // "<" cannot stand in a script element, and need not: JSON has an escape for it.
  const json = JSON.stringify(options).replaceAll('<', '\\u003c');
  return html`<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Clientele GraphiQL</title>
    <link rel="icon" href="data:,">
    <link rel="stylesheet" href="/graphiql/assets/graphiql.css">
    <script type="application/json" id="options">${raw(json)}</script>
    <script defer src="/graphiql/assets/graphiql.js"></script>
    <script defer src="/graphiql/assets/start.js"></script>
  </head>
  <body>
    <noscript>GraphiQL needs JavaScript.</noscript>
    <div id="root">Loading GraphiQL …</div>
  </body>
</html>`;
}

/** GraphiQL only goes back to the tab that it stored when it is told what stands in that tab. */
const start = `
self.MonacoEnvironment = {
  globalAPI: false,
  getWorkerUrl: (_module, label) => '/graphiql/assets/' + label + '.js',
};
const options = JSON.parse(document.getElementById('options').textContent);
const stored = JSON.parse(localStorage.getItem('graphiql:tabState'));
const { query, variables } = stored?.tabs[stored.activeTabIndex] ?? options.defaultTabs[0];
const linked = new URL(location.href).searchParams.get('query') ?? query;
Object.assign(options, { query: linked, variables: linked === query ? variables : undefined });
YogaGraphiQL.renderYogaGraphiQL(document.getElementById('root'), options);
`;
