import { randomUUID } from 'node:crypto';
import type { HttpBindings } from '@hono/node-server';
import { getConnInfo } from '@hono/node-server/conninfo';
import { type Context, Hono } from 'hono';
import { html, raw } from 'hono/html';
import type { Assets } from '../http/assets.js';
import type { HttpEnv } from '../http/hono.js';
import { frame, secured } from '../http/page.js';
import { exampleTabs } from './tabs/tabs.js';
import { exampleCustomer } from './tabs/updateCustomer.js';

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
    });
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
const leftByProxy =
  /forwarded|client-?ip|^(?:via|x-real-ip|(?:cf|x-envoy|x-original|x-amz-cf|x-appengine|fly|tailscale)-.*)$/;
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
  const values = {
    corporationId: corporationId ?? 'corp_123',
    idempotencyKey: randomUUID(),
  };
  const headers = token
    ? JSON.stringify({ Authorization: `Bearer ${token}` }, null, 2)
    : headersWithoutToken;
  const options = {
    endpoint: '/graphql',
    title: 'Clientele',
    // In the headers of every tab that is opened, and never stored by the browser.
    headers,
    shouldPersistHeaders: false,
    defaultEditorToolsVisibility: token ? 'variables' : 'headers',
    reloadHint: token && reloadHint,
    defaultTabs: exampleTabs(values).map((tab) =>
      token ? tab : { ...tab, query: tokenHint + tab.query },
    ),
    exampleCustomer: exampleCustomer(values),
  };
  const workerPaths = Object.fromEntries(
    workers.map((label) => [label, pathOf(`graphiql.${label}.js`)]),
  );
  // "<" cannot stand in a script element, and need not: JSON has an escape for it.
  const json = JSON.stringify({ options, workers: workerPaths }).replaceAll('<', '\\u003c');
  return frame(
    'Clientele GraphiQL',
    html`<style>${raw(loading + style)}</style>
    <script type="application/json" id="options">${raw(json)}</script>
    <script type="module" src="${pathOf('graphiql.start.js')}"></script>
    <script defer src="${pathOf('graphiql.js')}"></script>`,
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

/**
 * GraphiQL leaves an offset behind at tabs that anything moved, the docs explorer for one, and hides
 * it until they have the focus: they would hop away from under a click. And it is made for wide
 * screens; on narrow ones the answer goes below the operation.
 */
const style = `
.graphiql-tab { transform: none !important; }
@media (max-width: 700px) {
  #graphiql-session { flex-direction: column; }
  #root :is(.graphiql-horizontal-drag-bar, .graphiql-logo) { display: none; }
}
`;

/** Stands before each example where no token can be filled in. */
const tokenHint = `# First put your token into Headers below, and
# the id of your corporation into Variables.
`;

const headersWithoutToken = `{
  // Put your token here and take the slashes away:
  // "Authorization": "Bearer <token>"
}`;

/** Stands before the answer when the page's own token is refused. */
const reloadHint =
  'Reload this page: it then has a new token, for its own ends when the service stops.';
