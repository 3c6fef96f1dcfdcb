import { readFile } from 'node:fs/promises';
import { type IncomingHttpHeaders, request } from 'node:http';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { createAssets } from '../src/http/assets.js';
import { hasChromium, type OpenOptions, useBrowser } from './support/browser.js';
import { Service, useService } from './support/service.js';

const phone = { width: 390, height: 844 };
const desktop = { width: 1280, height: 800 };
const sizes = [
  ['a phone', phone],
  ['a desktop', desktop],
] as const;

/** What a browser asks for when an address is opened. */
const asBrowser = { Accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8' };

/** The path as it is given, which fetch would tidy up, and the body as it was sent. */
function getRaw(url: string, path: string, headers: Record<string, string> = {}) {
  return new Promise<{ status: number | undefined; headers: IncomingHttpHeaders; body: Buffer }>(
    (resolve, reject) => {
      request(url, { path, headers }, async (response) => {
        const chunks: Buffer[] = [];
        for await (const chunk of response) chunks.push(chunk);
        const { statusCode: status, headers } = response;
        resolve({ status, headers, body: Buffer.concat(chunks) });
      })
        .on('error', reject)
        .end();
    },
  );
}

/** By how many pixels the page is wider than the window. */
const overflow = (page: Page) =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

describe('a file that pages load', () => {
  const service = useService();
  const script = createAssets().pathOf('graphiql.js');

  test.each([
    ['br', 'gzip, deflate, br, zstd', brotliDecompressSync],
    ['gzip', 'gzip', gunzipSync],
    [undefined, 'identity', (body: Buffer) => body],
  ])('comes as %s for one who accepts %s', async (encoding, accepted, decode) => {
    const { url } = service.current;
    const plain = await getRaw(url, script);
    const reply = await getRaw(url, script, { 'Accept-Encoding': accepted });
    expect(reply.status).toBe(200);
    expect(decode(reply.body).equals(plain.body)).toBe(true);
    expect(reply.headers).toMatchObject({
      'content-length': String(reply.body.length),
      'content-type': 'text/javascript; charset=utf-8',
      vary: 'Accept-Encoding',
    });
    expect(reply.headers['content-encoding']).toBe(encoding);
  });

  test('is kept for good, and for no other origin', async () => {
    const path = createAssets().pathOf('graphiql.css');
    const { headers } = await service.current.get(path, { token: null });
    expect(Object.fromEntries(headers)).toMatchObject({
      'cache-control': 'public, max-age=31536000, immutable',
      'content-type': 'text/css; charset=utf-8',
      'cross-origin-resource-policy': 'same-origin',
      'x-content-type-options': 'nosniff',
    });
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
  });

  test.each([
    ...['/assets', '/assets/', '/assets/none.js', '/assets/manifest.json', `${script}.br`],
    ...['/assets/../package.json', '/assets/..%2f..%2fpackage.json', '/assets/%2e%2e/main.js'],
    ...['/assets/..%5c..%5cpackage.json', '/assets//etc/passwd', '/assets/%00', '/assets/%zz'],
  ])('is not %s', async (path) => {
    const reply = await getRaw(service.current.url, path);
    expect(reply.status).toBe(404);
    expect(reply.headers).toMatchObject({
      'cache-control': 'no-store',
      'content-type': 'application/problem+json',
    });
  });

  test('is logged by its route, not by its name', async () => {
    await service.current.get(script);
    const routes = service.current.logs.map(({ route }) => route);
    expect(routes).toContain('/assets/:name');
    expect(routes.join()).not.toContain('graphiql.js');
  });

  test('is looked for at the start, which says what to run where there is none', () => {
    expect(() => createAssets('/nowhere')).toThrow(/not in \/nowhere\. "npm run build"/);
  });
});

describe('/', () => {
  const service = useService();
  const paths = ['/docs', '/openapi.json', '/schema.graphql', '/healthz', '/readyz'];
  const get = (accept: string) => service.current.get('/', { headers: { Accept: accept } });

  test.each([
    ['text/html; charset=UTF-8', asBrowser.Accept],
    ['application/json', '*/*'],
    ['application/json', 'application/json'],
    ['application/json', 'image/png'],
    ['text/plain; charset=UTF-8', 'text/plain'],
    ['text/plain; charset=UTF-8', 'text/plain, text/html;q=0.5'],
  ])('is %s for one who accepts %s', async (type, accept) => {
    const { status, headers } = await get(accept);
    expect([status, headers.get('content-type')]).toEqual([200, type]);
    expect(headers.get('vary')).toBe('Accept');
  });

  test('has the same links in each form', async () => {
    const expected = ['/graphiql', ...paths];
    const page = await get('text/html');
    const json = await get('application/json');
    const text = await get('text/plain');
    expect(page.body.match(/(?<=href=")\/[^"]*/g)).toEqual(expected);
    expect(Object.keys(json.body.links)).toEqual(expected);
    expect(text.body.match(/^\/\S+/gm)).toEqual(expected);
  });

  test('runs no script and loads nothing', async () => {
    const { headers, body } = await get('text/html');
    expect(headers.get('content-security-policy')).toMatch(
      /^default-src 'none'; style-src 'sha256-[^']+'; img-src data:;/,
    );
    expect(body).not.toContain('<script');
  });

  test.each([
    ['with GRAPHIQL=off', { GRAPHIQL: 'off' }],
    ['in production', { NODE_ENV: 'production' }],
  ])('links to GraphiQL no more %s', async (_, environment) => {
    const other = await Service.start(environment);
    const { body } = await other.get('/');
    expect(Object.keys(body.links)).toEqual(paths);
    expect((await other.get('/docs')).status).toBe(200);
    await other.destroy();
  });
});

describe('/schema.graphql', () => {
  const service = useService();

  test('is the file of that name, and asked for but once', async () => {
    const first = await service.current.get('/schema.graphql', { token: null });
    const headers = { 'If-None-Match': first.headers.get('etag') ?? '' };
    const second = await service.current.get('/schema.graphql', { token: null, headers });
    expect(first.body).toBe(await readFile('schema.graphql', 'utf8'));
    expect(first.headers.get('content-type')).toBe('text/plain; charset=UTF-8');
    expect(first.headers.get('cache-control')).toBe('no-cache');
    expect(second.status).toBe(304);
  });
});

describe('/docs', () => {
  const service = useService();

  test('allows nothing of other origins', async () => {
    const { headers } = await service.current.get('/docs', { token: null });
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'; script-src 'self';");
    expect(policy).not.toMatch(/https?:|\*|unsafe-eval/);
  });
});

describe.skipIf(!hasChromium)('in a browser with no way to the internet', () => {
  const service = useService();
  const browser = useBrowser();
  const open = (path: string, options?: OpenOptions) =>
    browser.open(service.current.url + path, options);
  const openDocs = (options: OpenOptions) => open('/docs', options);
  const summaries = async (): Promise<string[]> => {
    const { body } = await service.current.get('/openapi.json');
    const paths = Object.values<Record<string, { summary?: string }>>(body.paths);
    return paths.flatMap((path) => Object.values(path)).flatMap(({ summary }) => summary ?? []);
  };

  test.each(sizes)('/ fits %s and leads to each of its links', async (_, viewport) => {
    const page = await open('/', { viewport });
    expect(await overflow(page)).toBe(0);
    const links = page.getByRole('link');
    expect(await links.count()).toBe(6);
    await page.getByRole('link', { name: 'GraphQL schema' }).click();
    await page.getByText('type Mutation {').waitFor();
  });

  test('/ is dark for one who likes it dark', async () => {
    const luminance = async (colorScheme: 'light' | 'dark') => {
      const page = await open('/', { colorScheme });
      const colour = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
      return Number(/\d+/.exec(colour)?.[0]);
    };
    expect(await luminance('light')).toBeGreaterThan(200);
    expect(await luminance('dark')).toBeLessThan(50);
  });

  test.each(sizes)('/docs shows every operation on %s', async (_, viewport) => {
    const page = await openDocs({ viewport });
    const headings = page.getByRole('heading', { level: 2 });
    const expected = await summaries();
    expect(expected).toHaveLength(14);
    for (const summary of expected) {
      await headings.filter({ hasText: summary }).first().waitFor();
    }
    expect(await overflow(page)).toBe(0);
  });

  test('/docs finds an operation by a word', async () => {
    const page = await openDocs({ viewport: desktop });
    await page.getByPlaceholder('Search...').fill('customer');
    const found = page.locator('[data-role="search:results"]');
    await found.getByText('Create a customer', { exact: true }).waitFor();
  });
});
