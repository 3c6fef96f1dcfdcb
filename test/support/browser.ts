import { existsSync } from 'node:fs';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFinished } from 'vitest';

const executablePath = '/usr/bin/chromium';

/** Whether there is a browser; where there is none, what is tested in one is skipped. */
export const hasChromium = existsSync(executablePath);
if (!hasChromium) console.warn(`Skipped: pages in a browser, for there is no ${executablePath}.`);

export type OpenOptions = BrowserContextOptions & {
  /** What went wrong with the page, as it comes; the test fails if there is any at its end. */
  problems?: string[];
};

/** One browser for all tests of a `describe`. */
export function useBrowser() {
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
  afterAll(() => browser?.close());

  return {
    /**
     * Opens a page in a profile of its own. Errors, violations of the page's Content-Security-Policy
     * and requests to another host, which are refused, fail the test.
     */
    async open(url: string, { problems = [], ...options }: OpenOptions = {}): Promise<Page> {
      const { origin } = new URL(url);
      const context = await browser.newContext(options);
      await context.route('**/*', (route) => {
        const asked = route.request().url();
        if (asked.startsWith(`${origin}/`)) return route.continue();
        problems.push(`asked for ${asked}`);
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
      await page.goto(url);
      return page;
    },
  };
}
