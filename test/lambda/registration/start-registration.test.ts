import type { MarketplaceMeteringClient } from '@aws-sdk/client-marketplace-metering';
import { MarketplaceResolver } from '../../../lambda/adapters/marketplace/customer-resolver';
import { TokenRefusedError } from '../../../lambda/domain/registration/ports';
import { Browser } from '../../support/browser';
import { DETAILS } from '../../support/buyer-details';
import { type LocalDynamo, startDynamo } from '../../support/dynoxide';
import { fixture } from '../../support/events';
import { ARN, at, LICENSE } from '../../support/facts';
import { all, type Element } from '../../support/html';
import { ACCOUNT, PRODUCT, startIntegration, TOKEN } from '../../support/integration';

let dynamo: LocalDynamo;
beforeAll(async () => { dynamo = await startDynamo(); });
afterAll(async () => dynamo.stop());

const posted = { 'x-amzn-marketplace-token': TOKEN };
const heading = (page: Element) => all(page, 'h1')[0]?.text;

async function start() {
  const app = await startIntegration(dynamo);
  app.resolver.answer = () => ({ customerAwsAccountId: ACCOUNT, productCode: PRODUCT, licenseArn: ARN });
  return app;
}

const failing = (name: string, message: string) => () => { throw Object.assign(new Error(message), { name }); };

describe('the fulfillment request', () => {
  test('the token goes to ResolveCustomer at once, and nowhere else', async () => {
    const app = await start();
    const browser = new Browser(app);
    const form = await browser.arrive(posted);
    await browser.submit(form, DETAILS);
    expect(app.resolver.asked).toEqual([TOKEN]);
    const kept = JSON.stringify([await app.everything(), app.bus.sent, app.telemetry.lines, browser.url, browser.cookie, form.body, form.headers]);
    for (const spelled of [TOKEN, encodeURIComponent(TOKEN), Buffer.from(TOKEN).toString('base64')]) {
      expect(kept).not.toContain(spelled);
    }
    // The session's handle opens the registration: only its hash is kept.
    expect(JSON.stringify(await app.everything())).not.toContain(browser.cookie);
  });

  test('a token posted twice leads to one subscription, and either session can be completed', async () => {
    const app = await start();
    const [first, second] = [new Browser(app), new Browser(app)];
    const forms = [await first.arrive(posted), await second.arrive(posted)];
    const { facts } = await app.item(LICENSE) ?? {};
    expect(facts?.resolution).toMatchObject({ firstAt: at(0), customerAwsAccountId: ACCOUNT, licenseArn: ARN });
    expect(heading((await second.submit(forms[1] as never, DETAILS)).page)).toBe('You are all set');
    expect(heading((await first.submit(forms[0] as never, DETAILS)).page)).toBe('You are all set');
  });

  test('CustomerIdentifier is stored where a legacy product has one, and is not needed', async () => {
    const app = await start();
    await new Browser(app).arrive(posted);
    expect(await app.item(LICENSE)).not.toHaveProperty('customerIdentifier');
    app.resolver.answer = () => ({ customerAwsAccountId: ACCOUNT, productCode: PRODUCT, licenseArn: ARN, customerIdentifier: 'ifAPi5AcF3' });
    await new Browser(app).arrive(posted);
    expect(await app.item(LICENSE)).toMatchObject({ customerIdentifier: 'ifAPi5AcF3' });
  });

  test('the free-trial flag of the browser is stored as a hint', async () => {
    const app = await start();
    await new Browser(app).arrive({ ...posted, 'x-amzn-marketplace-offer-type': 'free-trial' });
    expect(await app.item(LICENSE)).toMatchObject({ freeTrialHint: true, status: 'PENDING' });
  });

  test('fields that the form does not have are ignored', async () => {
    const app = await start();
    const browser = new Browser(app);
    const injected = {
      'status': 'ACTIVE',
      'successfully_subscribed': 'true',
      'customerAwsAccountId': '999999999999',
      'productCode': 'other',
      'licenseId': 'l-other',
      'registrationId': 'r',
      'x-amzn-marketplace-agreement-id': 'agmt-forged',
      'x-amzn-marketplace-product-id': 'prod-forged',
    };
    const form = await browser.arrive({ ...posted, ...injected });
    await browser.submit(form, { ...DETAILS, ...injected, pk: 'L#l-other', expiresAt: '1' });
    const everything = JSON.stringify(await app.everything());
    expect(everything).not.toMatch(/successfully_subscribed|999999999999|l-other|forged/);
    expect(await app.item(LICENSE)).toMatchObject({ status: 'PENDING', customerAwsAccountId: ACCOUNT, productCode: PRODUCT });
  });

  test('a registration leaves as it is what events have recorded', async () => {
    const app = await start();
    await app.deliver(fixture('observed-1-created-proposer'), fixture('observed-2-license-updated-manufacturer'));
    const before = await app.item(LICENSE);
    const browser = new Browser(app);
    await browser.submit(await browser.arrive(posted), DETAILS);
    const after = await app.item(LICENSE);
    expect(after?.facts.agreements).toEqual(before?.facts.agreements);
    expect(after).toMatchObject({ status: 'ACTIVE', activeSince: before?.activeSince, agreementIds: before?.agreementIds });
  });

  test('two licenses of one account in the same moment become two subscriptions', async () => {
    const app = await start();
    for (const id of ['l-1', 'l-2']) {
      app.resolver.answer = () => ({ customerAwsAccountId: ACCOUNT, productCode: PRODUCT, licenseArn: `arn:aws:license-manager::1:license:${id}` });
      const browser = new Browser(app);
      await browser.submit(await browser.arrive(posted), { ...DETAILS, company: `Company ${id}` });
    }
    expect(app.bus.sent.map((event) => event.detail.licenseId)).toEqual(['l-1', 'l-2']);
    const companies = await Promise.all(app.bus.sent.map(async (event) => (await app.buyer(String(event.detail.registrationId)))?.company as string));
    expect(companies).toEqual(['Company l-1', 'Company l-2']);
  });

  test('a registration completes while the bus is unavailable, and the event follows', async () => {
    const app = await start();
    app.bus.available = false;
    const browser = new Browser(app);
    const done = await browser.submit(await browser.arrive(posted), DETAILS);
    expect(heading(done.page)).toBe('You are all set');
    app.bus.available = true;
    app.time.now += 60_000;
    await app.reconcile();
    expect(app.bus.types).toEqual(['Buyer Registered']);
  });

  test('each request tries the bus again', async () => {
    const app = await start();
    app.bus.available = false;
    const browser = new Browser(app);
    await browser.submit(await browser.arrive(posted), DETAILS);
    app.bus.available = true;
    await new Browser(app).arrive(posted);
    expect(app.bus.types).toEqual(['Buyer Registered']);
  });
});

describe('a request that cannot be served', () => {
  test.each([
    ['EXPIRED', 'This link has expired'],
    ['INVALID', 'This link is not valid'],
  ] as const)('a token that AWS answers with %s has a page that says so', async (reason, title) => {
    const app = await start();
    app.resolver.answer = () => { throw new TokenRefusedError(reason); };
    const { page, statusCode } = await new Browser(app).arrive(posted);
    expect([statusCode, heading(page)]).toEqual([400, title]);
    expect(page.text).toContain(reason === 'EXPIRED' ? 'Set up your account' : 'Please contact');
    expect(all(page, 'form')).toEqual([]);
    expect(app.telemetry.values).toEqual({
      RegistrationsStarted: 0, RegistrationTokensExpired: reason === 'EXPIRED' ? 1 : 0, RegistrationTokensInvalid: reason === 'INVALID' ? 1 : 0,
    });
  });

  test('a token of another product is refused', async () => {
    const app = await start();
    app.resolver.answer = () => ({ customerAwsAccountId: ACCOUNT, productCode: 'anotherproductcode0000000', licenseArn: ARN });
    const { page, statusCode } = await new Browser(app).arrive(posted);
    expect([statusCode, heading(page)]).toEqual([400, 'This is a different product']);
    expect(app.telemetry.values.RegistrationFailures).toBe(1);
    expect(await app.item(LICENSE)).toBeUndefined();
  });

  test.each([
    ['no token', {}], ['an empty token', { 'x-amzn-marketplace-token': ' ' }],
  ])('a request with %s gets a page with the way back', async (_, form) => {
    const app = await start();
    const { page, statusCode } = await new Browser(app).arrive(form);
    expect([statusCode, heading(page)]).toEqual([400, 'Start in AWS Marketplace']);
    expect(app.resolver.asked).toEqual([]);
  });

  test.each([
    ['too large', { body: `x-amzn-marketplace-token=${'x'.repeat(16_384)}`, headers: { 'content-type': 'application/x-www-form-urlencoded' } }, 413],
    ['not a form', { body: '{"x-amzn-marketplace-token":"t"}', headers: { 'content-type': 'application/json' } }, 415],
    ['without a type', { body: 'x-amzn-marketplace-token=t' }, 415],
  ])('a request that is %s is refused', async (_, request, status) => {
    const app = await start();
    expect(await app.http({ method: 'POST', path: '/', ...request })).toMatchObject({ statusCode: status });
    expect(app.resolver.asked).toEqual([]);
  });

  test.each([
    ['ThrottlingException', 'Rate exceeded'],
    ['InternalServiceErrorException', `cannot resolve ${TOKEN}`],
    ['TimeoutError', 'socket hang up'],
  ])('on %s the page lets the buyer post the token again', async (name, message) => {
    const app = await start();
    const working = app.resolver.answer;
    app.resolver.answer = failing(name, message);
    const browser = new Browser(app);
    const sorry = await browser.arrive({ ...posted, 'x-amzn-marketplace-offer-type': 'free-trial', 'other': 'field' });
    expect([sorry.statusCode, heading(sorry.page)]).toEqual([503, 'Please try again in a moment']);
    expect(sorry.headers).toMatchObject({ 'cache-control': 'no-store', 'retry-after': '5' });
    expect(sorry.headers).not.toHaveProperty('set-cookie');
    expect(String(sorry.headers?.['content-security-policy'])).toContain("form-action 'self';");
    expect(all(sorry.page, 'input').map(({ attributes }) => [attributes.type, attributes.name, attributes.value])).toEqual([
      ['hidden', 'x-amzn-marketplace-token', TOKEN], ['hidden', 'x-amzn-marketplace-offer-type', 'free-trial'],
    ]);
    expect(sorry.page.text).not.toContain(message);
    expect(app.telemetry.lines.join()).toContain(name);
    expect(JSON.stringify([app.telemetry.lines, await app.everything()])).not.toContain(TOKEN);
    expect(app.telemetry.values.RegistrationFailures).toBe(1);

    app.resolver.answer = working;
    const form = await browser.submit(sorry);
    expect(heading(form.page)).toBe('Set up your account');
    expect(await app.item(LICENSE)).toMatchObject({ freeTrialHint: true });
  });

  test('the token is not lost while our own table is unavailable', async () => {
    const app = await start();
    app.fail(new Error('no table'));
    const browser = new Browser(app);
    const sorry = await browser.arrive(posted);
    expect(sorry.statusCode).toBe(503);
    app.fail(undefined);
    expect(heading((await browser.submit(sorry)).page)).toBe('Set up your account');
  });
});

test.each([['a space', 'to ken'], ['a control character', 'to\u0000ken'], ['a letter of another script', 't\u00f6ken'], ['5,000 characters', 'x'.repeat(5_000)]])(
  'a token with %s is refused before AWS is called, and is no failure of ours', async (_, token) => {
    const app = await startIntegration(dynamo);
    expect((await new Browser(app).arrive({ 'x-amzn-marketplace-token': token })).statusCode).toBe(400);
    expect(app.resolver.asked).toEqual([]);
    expect(app.telemetry.values.RegistrationFailures).toBeUndefined();
  });

test.each([
  ['InvalidTokenException', 'INVALID'], ['ValidationException', 'INVALID'], ['ExpiredTokenException', 'EXPIRED'],
])('%s of AWS means that the token is %s', async (name, reason) => {
  const client = { send: async () => { throw Object.assign(new Error('refused'), { name }); } } as unknown as MarketplaceMeteringClient;
  await expect(new MarketplaceResolver(client).resolve('token')).rejects.toMatchObject({ name: 'TokenRefusedError', reason });
});
