import axe from 'axe-core';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { errorPage } from '../../src/private/registration-error-page';
import { CHROMIUM, launchChromium } from '../support/registration/chromium';
import { PageServer } from '../support/registration/page-server';
import { ACME, ASKING, emailStates, pageStates } from '../support/registration/page-states';

jest.setTimeout(180_000);

/** Without a Chromium these tests are skipped, and the report says so: `apt-get install chromium`. */
const describeInBrowser = CHROMIUM === undefined ? describe.skip : describe;

const PHONE: BrowserContextOptions = { viewport: { width: 320, height: 640 } };
const DESKTOP: BrowserContextOptions = { viewport: { width: 1280, height: 800 }, colorScheme: 'dark' };

describeInBrowser('the registration pages in Chromium', () => {
  let browser: Browser;
  let server: PageServer;
  let states: Record<string, string>;
  beforeAll(async () => {
    [browser, server, states] = await Promise.all([launchChromium(), PageServer.start(ASKING), pageStates()]);
    Object.assign(states, await emailStates(), { 'gateway-error': errorPage(ACME) });
  });
  afterAll(async () => {
    await browser.close();
    await server.stop();
  });
  beforeEach(() => {
    server.requests.length = 0;
    server.app.fault = 'NONE';
  });

  async function inBrowser<T>(options: BrowserContextOptions, use: (page: Page) => Promise<T>): Promise<T> {
    const context = await browser.newContext(options);
    try {
      return await use(await context.newPage());
    } finally {
      await context.close();
    }
  }
  const heading = async (page: Page) => page.locator('h1').innerText();
  async function arrive(page: Page): Promise<void> {
    await page.goto(server.marketplaceUrl);
    await page.getByRole('button', { name: 'Set up your account' }).click();
    await page.getByLabel('Work email').waitFor();
  }
  async function fill(page: Page): Promise<void> {
    await page.getByLabel('Work email').fill('jo@example.com');
    await page.getByLabel('Your name').fill('Jo Doe');
    await page.getByLabel('Company').fill('Example Corp');
    await page.getByLabel('Team size').selectOption('11–50');
    await page.getByLabel('I accept').check();
  }

  test.each([['on a phone, light', PHONE], ['on a desktop, dark', DESKTOP]] as const)('axe finds nothing on any page, and no page scrolls sideways: %s', async (_, options) => {
    await inBrowser(options, async (page) => {
      const found: unknown[] = [];
      for (const [state, html] of Object.entries(states)) {
        await page.setContent(html);
        await page.evaluate(axe.source);
        const { violations } = await page.evaluate('axe.run()') as axe.AxeResults;
        const sideways = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
        found.push(...violations.map(({ id, nodes }) => [state, id, nodes[0]?.html]), ...sideways === 0 ? [] : [[state, 'sideways', sideways]]);
      }
      expect(found).toEqual([]);
    });
  });

  test.each([['with JavaScript', true], ['without JavaScript', false]])('a buyer comes from AWS Marketplace, corrects the form and registers, with one request a page: %s', async (_, javaScriptEnabled) => {
    await inBrowser({ ...PHONE, javaScriptEnabled }, async (page) => {
      const foreign: string[] = [];
      page.on('request', (request) => foreign.push(...[request.url()].filter((url) => !url.startsWith(server.pageUrl) && !url.startsWith('data:') && url !== server.marketplaceUrl)));
      await arrive(page);
      await fill(page);
      // The browser takes it, and we do not.
      await page.getByLabel('Work email').fill('jo@example');
      await page.getByRole('button', { name: 'Continue' }).click();
      await page.getByRole('alert').waitFor();
      expect(await page.getByLabel('Work email').evaluate((element) => element === element.ownerDocument.activeElement)).toBe(true);
      expect(await page.getByLabel('Company').inputValue()).toBe('Example Corp');
      await page.getByLabel('Work email').fill('joo@example.com');
      await page.keyboard.press('Enter');
      await page.getByRole('link', { name: 'Wrong address?' }).click();
      await page.getByLabel('Work email').fill('jo@example.com');
      await page.getByRole('button', { name: 'Continue' }).click();
      await page.getByText('You are all set').waitFor();
      expect([...server.app.buyers.values()].at(-1)).toMatchObject({ email: 'jo@example.com', answers: { teamSize: '11–50' } });
      expect(server.requests).toEqual([
        'POST /live/', 'GET /live/register/:id', 'POST /live/register/:id', 'POST /live/register/:id', 'GET /live/register/:id',
        'GET /live/register/:id/edit', 'POST /live/register/:id', 'GET /live/register/:id',
      ]);
      expect(foreign).toEqual([]);
    });
  });

  test('a failed save keeps what was entered, and the form can be sent again', async () => {
    await inBrowser(DESKTOP, async (page) => {
      await arrive(page);
      await fill(page);
      server.app.fault = 'STORE';
      await page.getByRole('button', { name: 'Continue' }).click();
      await page.getByText('Not saved yet').waitFor();
      server.app.fault = 'NONE';
      await page.getByRole('button', { name: 'Try again' }).click();
      await page.getByText('You are all set').waitFor();
      expect(await heading(page)).toBe('You are all set');
    });
  });

  test.each([['with JavaScript', true], ['without JavaScript', false]])('a buyer continues from the form in the app of the seller, on another site, with a new code each time: %s', async (_, javaScriptEnabled) => {
    const handingOver = await PageServer.start(ASKING, { handsOver: true });
    await inBrowser({ ...PHONE, javaScriptEnabled }, async (page) => {
      await page.goto(handingOver.marketplaceUrl);
      await page.getByRole('button', { name: 'Set up your account' }).click();
      await fill(page);
      const form = page.url();
      await page.getByRole('button', { name: 'Continue' }).click();
      await page.getByText('Welcome to the app').waitFor();
      const code = () => new URL(page.url()).searchParams.get('code');
      const first = code();
      expect([new URL(page.url()).hostname, first]).toEqual(['127.0.0.1', expect.stringMatching(/^[\w-]{43}$/)]);
      expect([...handingOver.app.buyers.values()]).toEqual([expect.objectContaining({ email: 'jo@example.com' })]);

      await page.goto(form);
      await page.getByRole('button', { name: 'Continue to Acme Analytics' }).click();
      await page.getByText('Welcome to the app').waitFor();
      expect(code()).toMatch(/^[\w-]{43}$/);
      expect(code()).not.toBe(first);
    });
    await handingOver.stop();
  });

  test('two licenses in two tabs are both registered', async () => {
    const context = await browser.newContext(PHONE);
    const tabs = [await context.newPage(), await context.newPage()];
    for (const tab of tabs) {
      await arrive(tab);
    }
    for (const tab of tabs) {
      await fill(tab);
      await tab.getByRole('button', { name: 'Continue' }).click();
      await tab.getByText('You are all set').waitFor();
    }
    expect(new Set(tabs.map((tab) => tab.url())).size).toBe(2);
    await context.close();
  });

  test('with forced colors the button still has an outline', async () => {
    await inBrowser({ ...PHONE, forcedColors: 'active' }, async (page) => {
      await page.setContent(states.form ?? '');
      const color = await page.evaluate('getComputedStyle(document.querySelector("button")).borderTopColor');
      expect(color).not.toBe('rgba(0, 0, 0, 0)');
    });
  });
});
