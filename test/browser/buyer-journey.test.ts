import type { SandboxClient } from 'cdk-marketplace-saas-sandbox';
import axe from 'axe-core';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { Registration, RegistrationLanguage } from '../../src';
import { integrate, synthesize } from '../support/e2e/assemblies';
import { useProduct } from '../support/e2e/use-product';
import { CHROMIUM, launchChromium } from '../support/registration/chromium';
import { TlsSites } from '../support/registration/tls-sites';

jest.setTimeout(180_000);

/** Without a Chromium these tests are skipped, and the report says so: `apt-get install chromium`. */
const describeInBrowser = CHROMIUM === undefined ? describe.skip : describe;

const ACCOUNT = '111122223333';
const PHONE: BrowserContextOptions = { viewport: { width: 320, height: 640 } };
const DESKTOP: BrowserContextOptions = { viewport: { width: 1280, height: 800 }, colorScheme: 'dark' };

describeInBrowser('a buyer in Chromium, from the purchase in AWS Marketplace, which is another site with TLS, to the registered subscription', () => {
  const on = useProduct(() => synthesize((stack) => {
    integrate(stack, {
      registration: Registration.hostedPage({
        productName: 'Acme Analytics',
        supportEmail: 'support@acme.example',
        loginUrl: 'https://app.acme.example/login',
        nextSteps: ['Within 5 minutes, an invitation goes to {email}.'],
        languages: [RegistrationLanguage.french({ nextSteps: ['Une invitation part vers {email} dans les 5 minutes.'] })],
      }),
    });
  }));
  let sites: TlsSites;
  let browser: Browser;
  beforeAll(async () => {
    sites = await TlsSites.start();
    browser = await launchChromium(sites.chromiumArgument);
  });
  afterAll(async () => {
    await browser.close();
    await sites.stop();
  });

  type Bought = Awaited<ReturnType<SandboxClient['purchase']>>;
  async function inBrowser(options: BrowserContextOptions, use: (page: Page) => Promise<void>): Promise<void> {
    const context = await browser.newContext({ locale: 'en-US', ...options, ignoreHTTPSErrors: true });
    try {
      await use(await context.newPage());
    } finally {
      await context.close();
    }
  }
  async function setUp(page: Page, bought: Bought): Promise<void> {
    sites.sell(bought.fulfillment);
    await page.goto(sites.marketplaceUrl);
    await page.getByRole('button', { name: 'Set up your account' }).click();
    await page.locator('h1').waitFor();
  }
  const heading = async (page: Page) => page.locator('h1').innerText();
  const send = async (page: Page) => page.getByRole('button', { name: 'Continue', exact: true }).click();

  test.each([
    ['on a phone, with JavaScript', PHONE, true], ['on a phone, without JavaScript', PHONE, false],
    ['on a desktop, dark, with JavaScript', DESKTOP, true], ['on a desktop, dark, without JavaScript', DESKTOP, false],
  ])('a buyer purchases, corrects a field, registers, and comes back to a subscription that is registered: %s', async (_, options, javaScriptEnabled) => {
    const { product } = on;
    const bought = await product.purchase({ customerAwsAccountId: ACCOUNT, freeTrial: true });
    await inBrowser({ ...options, javaScriptEnabled }, async (page) => {
      const checked: unknown[] = [];
      const check = async (): Promise<void> => {
        if (javaScriptEnabled) {
          await page.evaluate(axe.source);
          const { violations } = await page.evaluate('axe.run()') as axe.AxeResults;
          checked.push(...violations.map(({ id, nodes }) => [page.url(), id, nodes[0]?.html]));
        }
      };
      await setUp(page, bought);
      expect(await heading(page)).toBe('Set up your account');
      expect(await page.locator('dl').innerText()).toMatch(/Free trial[^]*3333/);
      expect(new URL(page.url()).origin + '/').toBe(sites.sellerUrl);
      await check();
      await page.getByLabel('Work email').fill('ada@analytical');
      await page.getByLabel('Your name').fill('Ada Lovelace');
      await page.getByLabel('Company').fill('Analytical Ltd');
      await send(page);
      await page.getByRole('alert').waitFor();
      await check();
      await page.getByLabel('Work email').fill('ada@analytical.example');
      await send(page);
      await page.getByText('You are all set').waitFor();
      await check();
      // The post comes from another site, as does the page after its redirect; all others come from the page itself.
      expect(sites.requests).toEqual([
        'POST cross-site', 'GET cross-site, with a cookie',
        'POST same-origin, with a cookie', 'POST same-origin, with a cookie', 'GET same-origin, with a cookie',
      ]);

      await product.advance('PT2M');
      expect(await product.statusOf(bought.licenseId)).toBe('ACTIVE');
      const items = Object.values(await product.tables()).flat();
      expect(items.filter(({ pk }) => pk === `L#${bought.licenseId}`)).toContainEqual(expect.objectContaining({ registeredAt: expect.any(String), customerAwsAccountId: ACCOUNT }));
      expect(items.filter(({ type }) => type === 'Buyer')).toEqual([expect.objectContaining({ email: 'ada@analytical.example', contactName: 'Ada Lovelace', licenseId: bought.licenseId })]);

      await setUp(page, bought);
      expect(await heading(page)).toBe('You are already registered');
      expect(await page.locator('main').innerText()).toContain('a•••@analytical.example');
      await check();
      expect(checked).toEqual([]);
    });
  });

  test('a buyer whose subscription has ended sees that, and a link that AWS does not know leads to support', async () => {
    const { product } = on;
    const bought = await product.purchase({ customerAwsAccountId: ACCOUNT });
    await product.advance('PT2M');
    await product.cancel(bought.agreementId);
    await product.advance('PT70M');
    await inBrowser(PHONE, async (page) => {
      await setUp(page, bought);
      expect(await heading(page)).toBe('This subscription has ended');
      await setUp(page, { ...bought, fulfillment: { ...bought.fulfillment, fields: { 'x-amzn-marketplace-token': 'of-nothing' } } });
      expect(await heading(page)).toBe('This link is not valid');
      expect(await page.getByRole('link', { name: 'Contact support' }).getAttribute('href')).toMatch(/^mailto:\S+\?subject=Reference/);
    });
  });

  test('a buyer whose browser prefers French registers in French, from the bundle of the function', async () => {
    const bought = await on.product.purchase({ customerAwsAccountId: ACCOUNT });
    await inBrowser({ ...PHONE, locale: 'fr-CA' }, async (page) => {
      await setUp(page, bought);
      expect(await page.locator('html').getAttribute('lang')).toBe('fr');
      for (const [index, text] of ['ada@analytical.example', 'Ada Lovelace', 'Analytical Ltd'].entries()) {
        await page.locator('input:not([type=hidden])').nth(index).fill(text);
      }
      await page.keyboard.press('Enter');
      await page.getByText('Une invitation part vers a•••@analytical.example').waitFor();
    });
    expect(Object.values(await on.product.tables()).flat()).toContainEqual(expect.objectContaining({ type: 'Buyer', language: 'fr' }));
  });
});
