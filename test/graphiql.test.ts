import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { buildSchema, getOperationAST, parse, validate } from 'graphql';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { exampleTabs } from '../src/graphql/tabs/tabs.js';
import { exampleCustomer } from '../src/graphql/tabs/updateCustomer.js';
import { hasChromium, type OpenOptions, useBrowser } from './support/browser.js';
import { type Json, Service, useService } from './support/service.js';

type Model = { uri: { path: string }; getValue(): string; setValue(text: string): void };

const exampleNames = [
  'CreateCustomer',
  'InvalidInput',
  'Conflict',
  'SafeRetry',
  'UpdateCustomer',
  'Paging',
  'Search',
];

describe.skipIf(!hasChromium)('GraphiQL in a browser with no way to the internet', () => {
  const service = useService();
  const browser = useBrowser();
  const open = (at = service.current, options: OpenOptions = {}) =>
    browser.open(`${at.url}/graphiql`, options);

  const execute = (page: Page) => page.getByRole('button', { name: /^Execute query/ });
  const answer = (page: Page) => page.getByLabel('Result Window');

  const tab = (page: Page, name: string) =>
    page.getByRole('tab').filter({ has: page.getByText(name, { exact: true }) });
  const titles = (page: Page) => page.locator('.graphiql-tab-button').allTextContents();
  const activeTitle = (page: Page) =>
    page.locator('.graphiql-tab-active .graphiql-tab-button').textContent();

  /** The whole text of an editor, of which only what is in sight is in the document. */
  const textOf = (page: Page, name: string): Promise<string> =>
    page.evaluate((end) => {
      const models: Model[] = Reflect.get(self, 'monaco').editor.getModels();
      return models.find(({ uri }) => uri.path.endsWith(end))?.getValue() ?? '';
    }, `${name}.json`);

  const write = (page: Page, name: string, text: string): Promise<void> =>
    page.evaluate(
      ([end = '', text = '']) => {
        const models: Model[] = Reflect.get(self, 'monaco').editor.getModels();
        models.find(({ uri }) => uri.path.endsWith(end))?.setValue(text);
      },
      [`${name}.json`, text],
    );

  /** Presses play; resolves to what is shown when the operation has been answered. */
  async function press(page: Page, operation: string): Promise<Json> {
    const answered = page.waitForResponse((response) =>
      (response.request().postDataJSON()?.query ?? '').includes(operation),
    );
    await execute(page).click();
    await answered;
    await expect.poll(() => textOf(page, 'response')).not.toBe('');
    return JSON.parse(await textOf(page, 'response'));
  }

  async function run(page: Page, name: string): Promise<Json> {
    await tab(page, name).click();
    await expect.poll(() => activeTitle(page)).toBe(name);
    return press(page, `${name}(`);
  }

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
    expect(await titles(page)).toEqual(exampleNames);
  });

  test('has variables ready, the token in the headers, and the docs explorer filled', async () => {
    const page = await open();
    const shown = async () => (await page.locator('.graphiql-editor-tool').allInnerTexts()).join();
    await expect.poll(shown).toContain('"corp_123"');

    await page.getByRole('button', { name: 'Headers' }).click();
    expect(await textOf(page, 'request-headers')).toMatch(/"Bearer clientele_[0-9a-f]{48}"/);

    await page.getByRole('button', { name: 'Show Documentation Explorer' }).click();
    await page.getByRole('link', { name: 'Mutation', exact: true }).click();
    await page.getByText('Creates a customer of a corporation.').waitFor();
  });

  test('runs the operation that is chosen of several', async () => {
    const query = 'query A { a: __typename } query B { b: __typename }';
    const page = await browser.open(
      `${service.current.url}/graphiql?query=${encodeURIComponent(query)}`,
    );
    await execute(page).click();
    await page.getByRole('menuitem', { name: 'B' }).click();
    await answer(page).getByText('"b"').waitFor();
  });

  test('is forbidden whatever is not of the service', async () => {
    const problems: string[] = [];
    const page = await open(service.current, { problems });
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

  test('has a tab for each example, which runs by itself, in any order, and again', async () => {
    const empty = await Service.start();
    const page = await open(empty);
    const answers: Record<string, [first: Json, second: Json]> = {};
    for (const name of [...exampleNames].reverse()) {
      answers[name] = [await run(page, name), await press(page, `${name}(`)];
    }

    const none = { data: { customers: { totalCount: 0, nodes: [] } } };
    const created = { data: { createCustomer: { __typename: 'CreateCustomerSuccess' } } };
    const codes = ['TOO_SHORT', 'INVALID_EMAIL', 'INVALID_COUNTRY'];
    const invalid = { data: { createCustomer: { issues: codes.map((code) => ({ code })) } } };
    const customer = { name: 'Umbrella Limited', email: null, version: 2 };
    const updated = { data: { updateCustomer: { customer } } };
    const taken = { __typename: 'ConflictError', existing: { externalId: 'ext_globex' } };
    expect(answers).toMatchObject({
      Search: [none, none],
      Paging: [none, none],
      UpdateCustomer: [updated, updated],
      SafeRetry: [
        { data: { createCustomer: { replayed: false } } },
        { data: { createCustomer: { replayed: true } } },
      ],
      Conflict: [
        { data: { first: { __typename: 'CreateCustomerSuccess' }, second: taken } },
        { data: { first: taken, second: taken } },
      ],
      InvalidInput: [invalid, invalid],
      CreateCustomer: [created, created],
    });
    const acme = { name: 'Acme Corporation' };
    expect(await run(page, 'Paging')).toMatchObject({
      data: {
        customers: { totalCount: 5, pageInfo: { hasNextPage: true }, nodes: [acme, acme] },
      },
    });
    expect(await run(page, 'Search')).toMatchObject({
      data: { customers: { totalCount: 2, nodes: [acme, acme] } },
    });
    await run(page, 'UpdateCustomer');
    const [umbrella] = await empty.rows(
      "select id from customers where external_id = 'ext_umbrella'",
    );
    expect(await textOf(page, 'variables')).toContain(`"id": "${umbrella?.id}"`);

    await page.close();
    await empty.destroy();
  });

  test('keeps the tabs that somebody changed, and makes the others what they are now', async () => {
    const page = await open();
    await run(page, 'SafeRetry');
    await tab(page, 'Search').click();
    await write(page, 'variables', '{ "corporationId": "corp_123", "filter": { "name": "mine" } }');
    await expect
      .poll(() => page.evaluate(() => localStorage['clientele:graphiql:tabState']))
      .toContain('mine');
    await page.addInitScript(() => {
      // As an earlier version left it, which had no tab for paging and another text.
      for (const key of ['clientele:graphiql:tabState', 'clientele:defaultTabs']) {
        const stored = JSON.parse(localStorage[key]);
        const tabs = stored.tabs ?? stored;
        tabs.splice(5, 1);
        tabs[0].query = 'query CreateCustomer { __typename }';
        if (stored.tabs) stored.activeTabIndex = 5;
        localStorage[key] = JSON.stringify(stored);
      }
    });

    await page.reload();

    expect(await textOf(page, 'variables')).toContain('mine');
    const kept = ['Paging', 'Search'];
    expect(await titles(page)).toEqual([
      ...exampleNames.filter((name) => !kept.includes(name)),
      'Search',
      'Paging',
    ]);
    expect(await run(page, 'SafeRetry')).toMatchObject({
      data: { createCustomer: { replayed: false } },
    });
    expect(await run(page, 'CreateCustomer')).toMatchObject({
      data: { createCustomer: { __typename: 'CreateCustomerSuccess' } },
    });
  });

  test('opens a query that its address brings along, beside the examples', async () => {
    const page = await browser.open(`${service.current.url}/graphiql?query={__typename}`);
    await execute(page).waitFor();
    expect(await titles(page)).toEqual(['<untitled>', ...exampleNames]);
    expect(await press(page, '__typename')).toEqual({ data: { __typename: 'Query' } });
  });

  test('has tabs that stay under the mouse when something else moved them', async () => {
    const page = await open();
    await page.getByRole('button', { name: 'Show Documentation Explorer' }).click();
    await page.getByRole('link', { name: 'Mutation', exact: true }).waitFor();
    await tab(page, 'Conflict').click();
    await expect.poll(() => activeTitle(page)).toBe('Conflict');
  });

  test('says what to do about a token that is refused, and about no answer', async () => {
    const problems: string[] = [];
    const other = await Service.start();
    const page = await open(other, { problems });
    await execute(page).waitFor();
    for (const authorization of ['Bearer clientele_0', 'clientele_0', '']) {
      await write(page, 'request-headers', JSON.stringify({ Authorization: authorization }));
      const { hint, errors } = await press(page, 'CreateCustomer');
      expect(hint).toContain('Reload this page');
      expect(errors[0].message).toContain('unknown, expired or revoked');
      expect(errors[0].message).toContain(
        '`npm run -s clientele -- token create --all --name app`',
      );
    }

    await other.stop();
    await execute(page).click();
    await expect
      .poll(() => textOf(page, 'response'), { timeout: 10_000 })
      .toContain(`No answer from ${other.url}/graphql`);

    await page.close();
    await other.forget();
    expect(problems.every((problem) => problem.startsWith('Failed to load resource'))).toBe(true);
    problems.length = 0;
  });

  test('takes a token that was put into one tab to the others', async () => {
    const production = await Service.start({ NODE_ENV: 'production', GRAPHIQL: 'on' });
    const page = await open(production);
    await execute(page).waitFor();
    const refused = await press(page, 'CreateCustomer');
    expect(refused.errors[0].message).toContain('There is no token');
    expect(refused.hint).toBeUndefined();

    const token = await production.issueToken();
    const headers = await textOf(page, 'request-headers');
    await write(
      page,
      'request-headers',
      headers.replace('// "Authorization"', '"Authorization"').replace('<token>', token),
    );

    const { data } = await run(page, 'Search');
    expect(data).toBeNull();
    expect(await page.evaluate(() => JSON.stringify(localStorage))).not.toContain(token);
    await page.close();
    await production.destroy();
  });

  test('shows operation and answer on the screen of a phone as well', async () => {
    const page = await open(service.current, { viewport: { width: 390, height: 844 } });
    await execute(page).click();
    await answer(page).getByText('CreateCustomerSuccess').waitFor();
    for (const part of [page.locator('.graphiql-query-editor'), answer(page)]) {
      const { width = 0, height = 0 } = (await part.boundingBox()) ?? {};
      expect(width).toBeGreaterThan(250);
      expect(height).toBeGreaterThan(150);
    }
  });

  test('without a token it says where to put one, and still shows the docs', async () => {
    const production = await Service.start({ NODE_ENV: 'production', GRAPHIQL: 'on' });
    const page = await open(production);
    await page.getByText('First put your token into Headers').waitFor();
    await page.getByRole('button', { name: 'Show Documentation Explorer' }).click();
    await page.getByRole('link', { name: 'Mutation', exact: true }).waitFor();
    await page.close();
    await production.destroy();
  });
});

describe('the examples', () => {
  const values = { corporationId: 'corp_123', idempotencyKey: 'key' };

  test.each([
    ...exampleTabs(values),
    { name: 'ExampleCustomer', ...exampleCustomer(values).request },
  ])('$name is valid', ({ name, query }) => {
    const schema = buildSchema(readFileSync('schema.graphql', 'utf8'));
    const document = parse(query);
    expect(validate(schema, document)).toEqual([]);
    expect(getOperationAST(document)?.name?.value).toBe(name);
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

  test('is where a browser that opens /graphql is sent', async () => {
    const headers = { Accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };
    const reply = await service.current.get('/graphql', { token: null, headers });
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

  test.each([
    ['with GRAPHIQL=off', { GRAPHIQL: 'off' }],
    ['in production', { NODE_ENV: 'production' }],
  ])('is not there %s', async (_, environment) => {
    const other = await Service.start(environment);
    expect((await other.get('/graphiql')).status).toBe(404);
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
