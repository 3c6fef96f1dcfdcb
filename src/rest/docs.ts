import { Hono } from 'hono';
import { html } from 'hono/html';
import type { Assets } from '../http/assets.js';
import type { HttpEnv } from '../http/hono.js';
import { frame, secured } from '../http/page.js';

/** `/docs`: the reference of the REST API, which Redoc makes of `/openapi.json` in the browser. */
export function docs({ pathOf }: Assets): Hono<HttpEnv> {
  return new Hono<HttpEnv>().get('/docs', secured(contentSecurityPolicy), (c) => {
    c.header('Cache-Control', 'no-cache');
    return c.html(page(pathOf('redoc.js')));
  });
}

/** Redoc makes style elements, and a worker of its own text that searches. */
const contentSecurityPolicy = {
  scriptSrc: ["'self'"],
  styleSrc: ["'unsafe-inline'"],
  workerSrc: ['blob:'],
  connectSrc: ["'self'"],
  imgSrc: ['data:'],
};

function page(script: string) {
  return frame(
    'Clientele REST reference',
    html`<style>body { margin: 0 } redoc, noscript { display: block; font: 16px/1.6 system-ui, sans-serif }</style>
    <link rel="preload" href="/openapi.json" as="fetch" crossorigin>
    <script defer src="${script}"></script>`,
    html`<noscript>The reference needs JavaScript. The same is in <a href="/openapi.json">/openapi.json</a>.</noscript>
    <redoc spec-url="/openapi.json" theme="${JSON.stringify(theme)}"
      expand-responses="200,201" sort-required-props-first="true" path-in-middle-panel="true"
      hide-download-buttons="true" native-scrollbars="true" hide-hostname="true"></redoc>`,
  );
}

const sans = 'system-ui, sans-serif';
const mono = 'ui-monospace, monospace';
const heading = { fontFamily: sans, fontWeight: '600' };

/** The colours of the page at `/`. What is not given here is Redoc's own. */
const theme = {
  spacing: { unit: 5, sectionHorizontal: 24, sectionVertical: 24 },
  colors: {
    primary: { main: '#0b5cad' },
    success: { main: '#1a7433' },
    error: { main: '#b3261e' },
    text: { primary: '#1d2733', secondary: '#566474' },
    border: { light: '#dde3ea', dark: '#c3ccd6' },
  },
  schema: { requireLabelColor: '#b3261e', typeNameColor: '#566474', typeTitleColor: '#566474' },
  typography: {
    fontSize: '16px',
    lineHeight: '1.6',
    fontFamily: sans,
    headings: heading,
    code: { fontSize: '14px', fontFamily: mono, color: '#9a2a12', backgroundColor: '#f4f6f8' },
  },
  sidebar: { backgroundColor: '#f4f6f8', textColor: '#1d2733' },
  rightPanel: { backgroundColor: '#1d2733' },
  codeBlock: { backgroundColor: '#12181f' },
};
