import type { AfterRegistrationConfig } from '../../../src/names';
import { type Answer, Browser } from '../../support/browser';
import { DETAILS } from '../../support/buyer-details';
import { type LocalDynamo, startDynamo } from '../../support/dynoxide';
import { ARN, LICENSE } from '../../support/facts';
import { all } from '../../support/html';
import { ACCOUNT, type Intercept, PRODUCT, startIntegration, TOKEN } from '../../support/integration';
import { ACME } from '../../support/registration/page-states';

let dynamo: LocalDynamo;
beforeAll(async () => { dynamo = await startDynamo(); });
afterAll(async () => dynamo.stop());

const posted = { 'x-amzn-marketplace-token': TOKEN };
const HAND_OVER: AfterRegistrationConfig = { kind: 'HAND_OVER', url: 'https://app.acme.example/welcome?from=aws' };
const REDIRECT: AfterRegistrationConfig = { kind: 'REDIRECT', url: 'https://www.acme.example/thanks' };

async function start(afterRegistration?: AfterRegistrationConfig, intercept?: Intercept) {
  const app = await startIntegration(dynamo, { ...ACME, ...afterRegistration && { afterRegistration } }, intercept);
  app.resolver.answer = () => ({ customerAwsAccountId: ACCOUNT, productCode: PRODUCT, licenseArn: ARN });
  const browser = new Browser(app);
  const form = await browser.arrive(posted);
  const claim = async (code: string, claimId = 'claim-1') => app.register({ claimRegistration: { code, claimId } });
  return { app, browser, form, claim };
}

const locationOf = ({ headers = {} }: Answer) => new URL(String(headers.location));
const codeIn = (answer: Answer) => locationOf(answer).searchParams.get('code') ?? '';
const heading = ({ page }: Answer) => all(page, 'h1')[0]?.text;

describe('a hand-over to the app of the seller', () => {
  test('the buyer continues in the app with a one-time code, and the backend gets the registration for it', async () => {
    const { app, browser, form, claim } = await start(HAND_OVER);
    const answer = await browser.submit(form, DETAILS);
    const url = locationOf(answer);
    expect([answer.statusCode, url.origin + url.pathname, url.searchParams.get('from')]).toEqual([303, 'https://app.acme.example/welcome', 'aws']);
    const code = codeIn(answer);
    expect(code).toMatch(/^[\w-]{40,}$/);
    expect(JSON.stringify([await app.everything(), app.telemetry.lines])).not.toContain(code);

    app.time.now += 30_000;
    const claimed = await claim(code);
    const registrationId = String(app.bus.sent[0]?.detail.registrationId);
    expect(claimed).toMatchObject({ registrationId, licenseId: LICENSE, customerAwsAccountId: ACCOUNT, registeredBefore: false });
    expect(await app.buyer(registrationId)).toMatchObject({ email: DETAILS.email });
    expect(await claim(code, 'claim-2')).toMatchObject({ error: { code: 'INVALID_CODE' } });
  });

  test('the buyer is registered once, at the time of the form, whenever the code is redeemed', async () => {
    const { app, browser, form, claim } = await start(HAND_OVER);
    const answer = await browser.submit(form, DETAILS);
    const registered = await app.item(LICENSE);
    app.time.now += 60_000;
    await claim(codeIn(answer));
    expect(app.bus.types).toEqual(['Buyer Registered']);
    expect(app.telemetry.values.BuyersRegistered).toBe(1);
    expect((await app.item(LICENSE))?.registeredAt).toBe(registered?.registeredAt);
  });

  test('a buyer who comes back to the page continues with another code', async () => {
    const { app, browser, form, claim } = await start(HAND_OVER);
    const first = await browser.submit(form, DETAILS);
    const pageUrl = browser.url;
    const back = await browser.get(pageUrl);
    expect([heading(back), all(back.page, 'button').map(({ text }) => text)]).toEqual(['You are all set', ['Continue to Acme Analytics']]);
    expect(all(back.page, 'main a').map(({ text }) => text)).not.toContain('Log in to Acme Analytics');
    const second = await browser.submit(back);
    expect(codeIn(second)).not.toBe(codeIn(first));
    expect(await claim(codeIn(second))).toMatchObject({ licenseId: LICENSE, registeredBefore: false });
    const forged = await browser.submit(await browser.get(pageUrl), { csrf: 'guessed' });
    expect([forged.statusCode, heading(forged)]).toEqual([403, 'The form was not accepted']);
    expect(JSON.stringify(app.telemetry.lines)).toContain('/register/:id/continue');
  });

  test('the way on is closed before the form is complete', async () => {
    const { app, browser, form } = await start(HAND_OVER);
    const csrf = all(form.page, 'input').find(({ attributes }) => attributes.name === 'csrf')?.attributes.value ?? '';
    const headers = { Cookie: [...browser.cookies].map((cookie) => cookie.join('=')).join('; ') };
    const path = `${new URL(browser.url).pathname.replace('/prod', '')}/continue`;
    const ask = async (method: string) => app.http({ method, path, headers, form: { csrf } });
    expect(await ask('POST')).toMatchObject({ statusCode: 400, body: expect.stringContaining('Your session has ended') as string });
    expect(await ask('GET')).toMatchObject({ statusCode: 405, headers: { allow: 'POST' } });
  });

  test('a buyer whose code cannot be stored keeps what was entered, and sends the form again', async () => {
    let puts = 0;
    let failing = Infinity;
    const counted: Intercept = async (call, operation) => {
      puts += operation === 'PutCommand' ? 1 : 0;
      if (operation === 'PutCommand' && puts === failing) {
        throw new Error('unavailable');
      }
      return call();
    };
    const other = await start(HAND_OVER, counted);
    await other.browser.submit(other.form, DETAILS);
    // The code is the last item that a registration stores.
    failing = 2 * puts;
    const { app, browser, form } = await start(HAND_OVER, counted);
    const sorry = await browser.submit(form, DETAILS);
    expect([sorry.statusCode, all(sorry.page, 'input').map(({ attributes: { value } }) => value)]).toEqual([503, expect.arrayContaining([DETAILS.email])]);
    expect(codeIn(await browser.submit(sorry))).toMatch(/^[\w-]{40,}$/);
    expect(app.bus.types).toEqual(['Buyer Registered']);
  });
});

test('a redirect leads to the page of the seller, without a code', async () => {
  const { app, browser, form } = await start(REDIRECT);
  expect(locationOf(await browser.submit(form, DETAILS)).href).toBe(REDIRECT.url);
  expect(app.bus.types).toEqual(['Buyer Registered']);
  expect(locationOf(await browser.submit(await browser.get(browser.url))).href).toBe(REDIRECT.url);
});

test('a form that leads to another site allows the redirects of that site, and other pages allow none', async () => {
  const policyOf = ({ headers = {} }: Answer) => String(headers['content-security-policy']);
  for (const config of [HAND_OVER, REDIRECT]) {
    const { browser, form } = await start(config);
    expect(policyOf(form)).toContain("default-src 'none'");
    expect(policyOf(form)).not.toContain('form-action');
    expect(policyOf(await browser.get('/prod/'))).toContain("form-action 'self';");
  }
  expect(policyOf((await start()).form)).toContain("form-action 'self';");
});
