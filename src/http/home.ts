import { hash } from 'node:crypto';
import { Hono } from 'hono';
import { accepts } from 'hono/accepts';
import { html, raw } from 'hono/html';
import type { HttpEnv } from './hono.js';
import { frame, secured } from './page.js';

type Link = { path: string; title: string; about: string };

/** `/`: what this is and where its parts are, as a page, as JSON or as text, whichever is asked for. */
export function home({ graphiql }: { graphiql: boolean }): Hono<HttpEnv> {
  const links = graphiql ? [graphiqlLink, ...always] : always;
  const styleHash = hash('sha256', style, 'base64');

  return new Hono<HttpEnv>().get(
    '/',
    secured({ styleSrc: [`'sha256-${styleHash}'`], imgSrc: ['data:'] }),
    (c) => {
      c.header('Vary', 'Accept');
      switch (accepts(c, { header: 'Accept', supports, default: 'application/json' })) {
        case 'text/html':
          return c.html(page(links));
        case 'text/plain':
          return c.text(text(links));
        default:
          return c.json({
            name,
            description,
            links: Object.fromEntries(links.map(({ path, about }) => [path, about])),
          });
      }
    },
  );
}

/** What a caller who takes any of several has first; who takes anything at all has JSON. */
const supports = ['text/html', 'application/json', 'text/plain'];

const name = 'Clientele';
const description =
  'The customers of your corporations, in a service of your own. ' +
  'Programs reach them over GraphQL and over REST: one model, the same rules.';

const graphiqlLink: Link = {
  path: '/graphiql',
  title: 'GraphiQL',
  about: 'Try the GraphQL API in the browser.',
};

const always: readonly Link[] = [
  { path: '/docs', title: 'REST reference', about: 'Every call, field and error of the REST API.' },
  { path: '/openapi.json', title: 'OpenAPI', about: 'The REST API as an OpenAPI document.' },
  {
    path: '/schema.graphql',
    title: 'GraphQL schema',
    about: 'The GraphQL API in its own language.',
  },
  { path: '/healthz', title: 'Health', about: 'Whether the process runs.' },
  { path: '/readyz', title: 'Readiness', about: 'Whether it can do its work.' },
];

function text(links: readonly Link[]): string {
  const width = Math.max(...links.map(({ path }) => path.length));
  const lines = links.map(({ path, about }) => `${path.padEnd(width)}  ${about}`);
  return `${[name, '', description, '', ...lines].join('\n')}\n`;
}

function page(links: readonly Link[]) {
  return frame(
    name,
    html`<meta name="description" content="${description}">
    <meta name="color-scheme" content="light dark">
    <style>${raw(style)}</style>`,
    html`<main>
      <h1>${name}</h1>
      <p>${description}</p>
      <ul>
        ${links.map(
          ({ path, title, about }) => html`<li>
          <a href="${path}"><strong>${title}</strong> <code>${path}</code></a>
          <span>${about}</span>
        </li>`,
        )}
      </ul>
    </main>`,
  );
}

const style = `
:root { --text: #1d2733; --soft: #566474; --line: #dde3ea; --back: #fff; --link: #0b5cad; }
@media (prefers-color-scheme: dark) {
  :root { --text: #e6ebf1; --soft: #9fadbc; --line: #2f3a46; --back: #12181f; --link: #7cb8f5; }
}
body { margin: 0; background: var(--back); color: var(--text);
  font: 1.0625rem/1.6 system-ui, sans-serif; }
main { max-width: 36rem; margin: 0 auto; padding: clamp(2rem, 10vh, 6rem) 1.25rem 3rem; }
h1 { margin: 0 0 .5rem; font-size: 2.25rem; line-height: 1.2; letter-spacing: -.02em; }
p { margin: 0 0 2rem; font-size: 1.1875rem; text-wrap: pretty; }
ul { margin: 0; padding: 0; list-style: none; border-top: 1px solid var(--line); }
li { padding: .875rem 0; border-bottom: 1px solid var(--line); }
a { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0 1rem;
  color: var(--link); text-decoration: none; }
a:hover strong { text-decoration: underline; }
strong { font-weight: 600; }
code { font: .9375rem/1.7 ui-monospace, monospace; }
span { color: var(--soft); font-size: 1rem; }
`;
