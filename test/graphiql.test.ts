import { existsSync } from 'node:fs';
import { request } from 'node:http';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { Service, useService } from './support/service.js';

const executablePath = '/usr/bin/chromium';
const hasChromium = existsSync(executablePath);
if (!hasChromium)
  console.warn(`Skipped: GraphiQL in a browser, for there is no ${executablePath}.`);

describe.skipIf(!hasChromium)('GraphiQL in a browser with no way to the internet', () => {
  const service = useService();
  let browser: Browser;

  beforeAll(async () => {
    browser = await chromium.launch({
      executablePath,
      args: [
        '--no-sandbox',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        '--no-first-run',
      ],
    });
  });

  afterAll(() => browser.close());

  /** Opens the page; every request to another host is refused and fails the test. */
  async function open(
    path = '/graphiql',
    at = service.current,
    problems: string[] = [],
  ): Promise<Page> {
    const context = await browser.newContext();
    await context.route('**/*', (route) => {
      const url = route.request().url();
      if (url.startsWith(at.url)) return route.continue();
      problems.push(`asked for ${url}`);
      return route.abort();
    });
    const page = await context.newPage();
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
    await page.addInitScript(() => {
      document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) =>
        console.error(`violates ${violatedDirective}: ${blockedURI}`),
      );
    });
    onTestFinished(async () => {
      await context.close();
      expect(problems).toEqual([]);
    });
    await page.goto(at.url + path);
    return page;
  }

  const execute = (page: Page) => page.getByRole('button', { name: /^Execute query/ });
  const answer = (page: Page) => page.getByLabel('Result Window');

  async function customersAfter(page: Page, count: number): Promise<void> {
    await expect
      .poll(() => service.current.rows('select count(*) as n from customers'), { timeout: 10_000 })
      .toEqual([{ n: count }]);
    await answer(page).getByText('CreateCustomerSuccess').waitFor();
  }

  test('creates a customer with one click, and again after a reload', async () => {
    const page = await open();
    await execute(page).click();
    await customersAfter(page, 1);

    await page.reload();
    await execute(page).click();
    await customersAfter(page, 2);
    expect(await page.getByRole('tab').allTextContents()).toEqual(['CreateCustomer']);
  });

  test('has variables ready, the token in the headers, and the docs explorer filled', async () => {
    const page = await open();
    const shown = async () => (await page.locator('.graphiql-editor-tool').allInnerTexts()).join();
    await expect.poll(shown).toContain('"corp_123"');

    await page.getByRole('button', { name: 'Headers' }).click();
    await expect.poll(shown).toMatch(/"Bearer\sclientele_[0-9a-f]+/);

    await page.getByRole('button', { name: 'Show Documentation Explorer' }).click();
    await page.getByRole('link', { name: 'Mutation', exact: true }).click();
    await page.getByText('Creates a customer of a corporation.').waitFor();
  });

  test('is forbidden whatever is not of the service', async () => {
    const problems: string[] = [];
    const page = await open('/graphiql', service.current, problems);
    await execute(page).waitFor();
    expect(problems).toEqual([]);

    await page.evaluate(async () => {
      document.body.append(Object.assign(new Image(), { src: 'https://evil.example/image.png' }));
      document.body.append(
        Object.assign(document.createElement('script'), { textContent: 'self.ran = true' }),
      );
      await fetch('https://evil.example/').catch(() => {});
    });
    const violated = () =>
      problems
        .join()
        .match(/violates [\w-]+(?=: )/g)
        ?.sort();
    await expect
      .poll(violated)
      .toEqual(['violates connect-src', 'violates img-src', 'violates script-src-elem']);
    expect(await page.evaluate(() => 'ran' in self)).toBe(false);
    expect(problems.filter((problem) => problem.startsWith('asked for'))).toEqual([]);
    problems.length = 0;
  });

  test('without a token it says where to put one, and still shows the docs', async () => {
    const production = await Service.start({ NODE_ENV: 'production', GRAPHIQL: 'on' });
    const page = await open('/graphiql', production);
    await page.getByText('First put your token into Headers').waitFor();
    await page.getByRole('button', { name: 'Show Documentation Explorer' }).click();
    await page.getByRole('link', { name: 'Mutation', exact: true }).waitFor();
    await page.close();
    await production.destroy();
  });
});

describe('the GraphiQL page', () => {
  const service = useService();
  const token = /clientele_[0-9a-f]{48}/;

  test('has a token of its own, which is not stored', async () => {
    const { body } = await service.current.get('/graphiql', { token: null });
    const [own] = token.exec(body) ?? [];

    const reply = await service.current.get('/corporations/corp_123', { token: own ?? '' });

    expect(reply.status).toBe(200);
    expect(own).not.toBe(service.current.firstToken);
    expect(await service.current.rows('select name from tokens')).toEqual([
      { name: 'first start' },
    ]);
  });

  test.each([
    ['through a proxy', { 'X-Forwarded-For': '203.0.113.7' }],
    ['under a foreign name that points here', { Host: 'evil.example' }],
  ])('has none for one who comes %s', async (_, headers) => {
    // fetch does not let its caller choose the Host header.
    const page = await new Promise<string>((resolve, reject) => {
      request(`${service.current.url}/graphiql`, { headers }, async (response) => {
        let text = '';
        for await (const chunk of response) text += chunk;
        resolve(text);
      })
        .on('error', reject)
        .end();
    });
    expect(page).toContain('GraphiQL');
    expect(page).not.toMatch(token);
  });

  test.each(['/', '/graphql'])('is where a browser that opens %s is sent', async (path) => {
    const headers = { Accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };
    const reply = await service.current.get(path, { token: null, headers });
    expect(reply.status).toBe(302);
    expect(reply.headers.get('location')).toBe('/graphiql');
  });

  test('is not kept by caches, forbids other origins, and cannot be framed', async () => {
    const { headers } = await service.current.get('/graphiql', { token: null });
    expect(Object.fromEntries(headers)).toMatchObject({
      'cache-control': 'no-store',
      'cross-origin-embedder-policy': 'require-corp',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
    });
    expect(headers.get('strict-transport-security')).toBeNull();
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/https?:|\*|unsafe-eval/);
  });

  test('has assets that are compressed and asked for once', async () => {
    const path = '/graphiql/assets/graphiql.js';
    const first = await service.current.get(path, { headers: { 'Accept-Encoding': 'gzip' } });
    const headers = { 'If-None-Match': first.headers.get('etag') ?? '' };
    const second = await service.current.get(path, { headers });
    expect(first.status).toBe(200);
    expect(first.headers.get('content-encoding')).toBe('gzip');
    expect(first.headers.get('cache-control')).toBe('no-cache');
    expect(first.headers.get('x-content-type-options')).toBe('nosniff');
    expect(first.headers.get('cross-origin-resource-policy')).toBe('same-origin');
    expect(second.status).toBe(304);
    expect((await service.current.get('/graphiql/assets/none.js')).status).toBe(404);
  });

  test.each([
    ['with GRAPHIQL=off', { GRAPHIQL: 'off' }],
    ['in production', { NODE_ENV: 'production' }],
  ])('is not there %s', async (_, environment) => {
    const other = await Service.start(environment);
    expect((await other.get('/graphiql')).status).toBe(404);
    expect((await other.get('/', { headers: { Accept: 'text/html' } })).status).toBe(404);
    await other.destroy();
  });
});

describe('a reply of the API', () => {
  const service = useService();
  const body = JSON.stringify({ query: '{ __typename }' });

  test.each([
    ['200', '/graphql', body],
    ['400', '/graphql', '{'],
    ['200', '/corporations/corp_123', undefined],
    ['404', '/customers/cust_none', undefined],
    ['400', '/customers', '{}'],
    ['404', '/nowhere', undefined],
    ['200', '/healthz', undefined],
  ])('%s of %s is kept by nobody and taken for nothing else', async (status, path, body) => {
    const reply = await service.current.send(path, body);
    expect(String(reply.status)).toBe(status);
    expect(reply.headers.get('cache-control')).toBe('no-store');
    expect(reply.headers.get('x-content-type-options')).toBe('nosniff');
  });
});
