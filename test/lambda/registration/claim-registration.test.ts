import { Browser } from '../../support/browser';
import { type LocalDynamo, startDynamo } from '../../support/dynoxide';
import { fixture } from '../../support/events';
import { ARN, LICENSE } from '../../support/facts';
import { ACCOUNT, PRODUCT, startIntegration, TOKEN } from '../../support/integration';

let dynamo: LocalDynamo;
beforeAll(async () => { dynamo = await startDynamo(); });
afterAll(async () => dynamo.stop());

const posted = { 'x-amzn-marketplace-token': TOKEN, 'x-amzn-marketplace-offer-type': 'free-trial' };

async function sentToSignUp(named = true) {
  const app = await startIntegration(dynamo, { signUpUrl: 'https://app.acme.example/sign-up?plan=pro' });
  app.time.now = Date.parse('2026-08-20T14:24:00Z');
  app.resolver.answer = () => ({ customerAwsAccountId: ACCOUNT, productCode: PRODUCT, ...(named ? { licenseArn: ARN } : {}) });
  const answer = await new Browser(app).arrive(posted);
  const location = new URL(String(answer.headers?.location));
  const code = location.searchParams.get('code') ?? '';
  return { app, answer, location, code, claim: async (given = code) => app.register({ claimRegistration: { code: given } }) };
}

describe('the seller\'s own sign-up page', () => {
  test('the seller\'s sign-up page gets the buyer with a one-time code, and nothing else', async () => {
    const { app, answer, location, code } = await sentToSignUp();
    expect(answer.statusCode).toBe(303);
    expect(location.origin + location.pathname).toBe('https://app.acme.example/sign-up');
    expect([...location.searchParams.keys()]).toEqual(['plan', 'code']);
    expect(answer.headers).not.toHaveProperty('set-cookie');
    expect(JSON.stringify([await app.everything(), app.telemetry.lines])).not.toContain(code);
  });

  test('the seller\'s sign-up page is reached from the try-again page, wherever it redirects to', async () => {
    const { app } = await sentToSignUp();
    const working = app.resolver.answer;
    app.resolver.answer = () => { throw new Error('unavailable'); };
    const browser = new Browser(app);
    const sorry = await browser.arrive(posted);
    const policy = String(sorry.headers?.['content-security-policy']);
    // Chrome applies form-action to every redirect that follows a form; default-src does not restrict forms.
    expect(policy).not.toContain('form-action');
    expect(policy).toContain("default-src 'none'");
    app.resolver.answer = working;
    expect((await browser.submit(sorry)).headers?.location).toContain('https://app.acme.example/sign-up');
    expect(String((await browser.get('')).headers?.['content-security-policy'])).toContain("form-action 'self';");
  });

  test('a claim answers with the buyer\'s account, and registers the subscription', async () => {
    const { app, claim } = await sentToSignUp();
    expect(await claim()).toEqual({
      registrationId: 'registration-1', licenseId: LICENSE, licenseArn: ARN, customerAwsAccountId: ACCOUNT, productCode: PRODUCT, freeTrial: true,
    });
    expect(await app.item(LICENSE)).toMatchObject({ registeredAt: '2026-08-20T14:24:00.000Z' });
    expect(app.bus.sent).toMatchObject([{ detailType: 'Buyer Registered', detail: { registrationId: 'registration-1', licenseId: LICENSE } }]);
  });

  test('a claim whose answer was lost can be repeated for a minute', async () => {
    const { app, claim } = await sentToSignUp();
    const first = await claim();
    app.time.now += 60_000;
    expect(await claim()).toEqual(first);
    expect(app.bus.ids).toHaveLength(1);
    expect(app.telemetry.values.BuyersRegistered).toBe(1);
    app.time.now += 1;
    expect(await claim()).toEqual({ error: { code: 'INVALID_CODE', message: expect.stringContaining('Set up your account') as string } });
  });

  test('two simultaneous claims get the same answer', async () => {
    const { app, claim } = await sentToSignUp();
    const answers = await Promise.all([claim(), claim(), claim()]);
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(answers[0]).toMatchObject({ licenseId: LICENSE });
    expect(app.bus.ids).toHaveLength(1);
  });

  test.each([
    ['an unknown code', 'x'.repeat(43), 0], ['a code after ten minutes', undefined, 600_000],
  ])('gets nothing for %s', async (_, given, later) => {
    const { app, claim } = await sentToSignUp();
    app.time.now += later;
    expect(await claim(given)).toMatchObject({ error: { code: 'INVALID_CODE' } });
    expect((await app.item(LICENSE))?.registeredAt).toBeUndefined();
  });

  test.each([[null], [{}], [{ claimRegistration: {} }], [{ claimRegistration: { code: 5 } }], ['text']])('a claim with the payload %j is answered with the right form', async (event) => {
    const { app } = await sentToSignUp();
    expect(await app.register(event)).toMatchObject({ error: { code: 'INVALID_REQUEST', message: expect.stringContaining('claimRegistration') as string } });
  });

  test('a claim does not wait for the license: the event names it by the registration id', async () => {
    const { app, claim } = await sentToSignUp(false);
    expect(await claim()).toEqual({ registrationId: 'registration-1', customerAwsAccountId: ACCOUNT, productCode: PRODUCT, freeTrial: true });
    expect(app.bus.sent).toEqual([]);
    await app.deliver(fixture('observed-2-license-updated-manufacturer'));
    expect(app.bus.sent.map(({ detailType, detail }) => [detailType, detail.licenseId, detail.registrationId])).toEqual([
      ['Subscription Activated', LICENSE, undefined], ['Buyer Registered', LICENSE, 'registration-1'],
    ]);
    expect(await claim()).toMatchObject({ registrationId: 'registration-1', licenseId: LICENSE, licenseArn: ARN });
    expect(app.bus.ids).toHaveLength(2);
  });
});
