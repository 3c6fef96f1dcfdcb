import type { HttpBindings } from '@hono/node-server';
import { getConnInfo } from '@hono/node-server/conninfo';
import { type Context, Hono } from 'hono';
import { etag } from 'hono/etag';
import { html, raw } from 'hono/html';
import type { Assets } from '../http/assets.js';
import type { HttpEnv } from '../http/context.js';
import { frame, secured } from '../http/page.js';
import { firstOperation, firstVariables, tokenHint } from './firstOperation.js';

export type GraphiqlOptions = {
  /** Put into the headers for whoever opens the page on the machine itself; null for nobody. */
  token: string | null;
  /** A corporation for the operation that is ready to run; null when there is none yet. */
  corporationId: () => Promise<string | null>;
  assets: Assets;
};

/** GraphiQL, served whole from this process, so that it works without a way to the internet. */
export function createGraphiql({ token, corporationId, assets }: GraphiqlOptions): Hono<HttpEnv> {
  return new Hono<HttpEnv>({ strict: false })
    .use(secured(contentSecurityPolicy))
    .get('/', async (c) => {
      c.header('Cache-Control', 'no-store');
      // Whoever is told no token is told no id either.
      return c.html(
        isOwnMachine(c) && token ? page(assets, token, await corporationId()) : page(assets),
      );
    })
    .get('/start.js', etag(), (c) =>
      c.body(start, 200, {
        'Content-Type': 'text/javascript; charset=utf-8',
        'Cache-Control': 'no-cache',
      }),
    );
}

/** The editor makes style elements of its own. */
const contentSecurityPolicy = {
  scriptSrc: ["'self'"],
  styleSrc: ["'self'", "'unsafe-inline'"],
  workerSrc: ["'self'"],
  connectSrc: ["'self'"],
  imgSrc: ["'self'", 'data:'],
  fontSrc: ["'self'", 'data:'],
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

/** What the editor calls its workers. */
const workers = ['editorWorkerService', 'json', 'graphql'];

function page(
  { pathOf }: Assets,
  token: string | null = null,
  corporationId: string | null = null,
) {
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
  const workerPaths = Object.fromEntries(
    workers.map((label) => [label, pathOf(`graphiql.${label}.js`)]),
  );
  // "<" cannot stand in a script element, and need not: JSON has an escape for it.
  const json = JSON.stringify({ options, workers: workerPaths }).replaceAll('<', '\\u003c');
  return frame(
    'Clientele GraphiQL',
    html`<style>${raw(loading)}</style>
    <script type="application/json" id="options">${raw(json)}</script>
    <script defer src="${pathOf('graphiql.js')}"></script>
    <script defer src="/graphiql/start.js"></script>`,
    html`<noscript>GraphiQL needs JavaScript.</noscript>
    <div id="root"><p>Loading GraphiQL …</p></div>
    <link rel="stylesheet" href="${pathOf('graphiql.css')}">`,
  );
}

/** Seen at once, since the stylesheet of GraphiQL, which holds its fonts, comes after it. */
const loading = `
body { margin: 0; color: #566474; font: 1rem/1.6 system-ui, sans-serif; }
@media (prefers-color-scheme: dark) { body { color: #9fadbc; background: #212b3b; } }
#root > p, noscript { display: block; margin: 30vh 1rem 0; text-align: center; }
`;

/** GraphiQL only goes back to the tab that it stored when it is told what stands in that tab. */
const start = `
const { options, workers } = JSON.parse(document.getElementById('options').textContent);
self.MonacoEnvironment = { globalAPI: false, getWorkerUrl: (_module, label) => workers[label] };
const stored = JSON.parse(localStorage.getItem('graphiql:tabState'));
const { query, variables } = stored?.tabs[stored.activeTabIndex] ?? options.defaultTabs[0];
const linked = new URL(location.href).searchParams.get('query') ?? query;
Object.assign(options, { query: linked, variables: linked === query ? variables : undefined });
YogaGraphiQL.renderYogaGraphiQL(document.getElementById('root'), options);
`;
