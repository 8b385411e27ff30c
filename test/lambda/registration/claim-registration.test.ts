import * as fc from 'fast-check';
import { Browser } from '../../support/browser';
import { type LocalDynamo, startDynamo } from '../../support/dynoxide';
import { fixture } from '../../support/events';
import { ARN, LICENSE } from '../../support/facts';
import { ACCOUNT, PRODUCT, startIntegration, TOKEN } from '../../support/integration';

jest.setTimeout(30_000);

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
  return { app, answer, location, code, claim: async (given = code, claimId = 'claim-1') => app.register({ claimRegistration: { code: given, claimId } }) };
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
      registrationId: 'registration-1',
      licenseId: LICENSE,
      licenseArn: ARN,
      customerAwsAccountId: ACCOUNT,
      productCode: PRODUCT,
      freeTrial: true,
      status: 'PENDING',
      registeredBefore: false,
      firstRegisteredAt: '2026-08-20T14:24:00.000Z',
    });
    expect(await app.item(LICENSE)).toMatchObject({ registeredAt: '2026-08-20T14:24:00.000Z' });
    expect(app.bus.sent).toMatchObject([{
      detailType: 'Buyer Registered', detail: { registrationId: 'registration-1', licenseId: LICENSE, registeredBefore: false },
    }]);
  });

  test('a claim names the agreement and the status of an active subscription', async () => {
    const { app, claim } = await sentToSignUp();
    await app.deliver(fixture('observed-2-license-updated-manufacturer'));
    expect(await claim()).toMatchObject({ status: 'ACTIVE', agreementId: (await app.item(LICENSE))?.agreementId as string });
  });

  test('a second buyer of the same license is reported as registered before, in the claim and in the event', async () => {
    const { app, claim } = await sentToSignUp();
    await claim();
    app.time.now += 3_600_000;
    const second = new URL(String((await new Browser(app).arrive(posted)).headers?.location)).searchParams.get('code') ?? '';
    const before = { registeredBefore: true, firstRegisteredAt: '2026-08-20T14:24:00.000Z' };
    expect(await claim(second, 'claim-2')).toMatchObject({ licenseId: LICENSE, ...before });
    expect(app.bus.sent.map(({ detail }) => detail)).toMatchObject([{ registeredBefore: false }, before]);
  });

  test('a second buyer of a license that has ended is reported as such', async () => {
    const { app, claim } = await sentToSignUp();
    await app.deliver(fixture('observed-2-license-updated-manufacturer'), fixture('observed-3-ended-proposer'));
    expect(await claim()).toMatchObject({ status: expect.stringMatching(/^END/) as string });
  });

  test('a code that was claimed is refused to any other claimant', async () => {
    const { app, claim, code } = await sentToSignUp();
    const first = await claim();
    expect(await claim(code, 'claim-2')).toMatchObject({ error: { code: 'INVALID_CODE' } });
    expect(await claim()).toEqual(first);
    expect(JSON.stringify(await app.everything())).not.toContain('claim-1');
  });

  test('exactly one of several parallel claimants gets the answer, as often as it asks', async () => {
    await fc.assert(fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 2, maxLength: 8 }), async (claimants) => {
      const { claim, code } = await sentToSignUp();
      const answers = await Promise.all(claimants.map(async (claimant) => ({ claimant, answer: await claim(code, `claim-${claimant}`) })));
      const [winner] = answers.filter(({ answer }) => 'registrationId' in answer);
      for (const { claimant, answer } of answers) {
        expect(answer).toEqual(claimant === winner?.claimant ? winner.answer : { error: expect.objectContaining({ code: 'INVALID_CODE' }) as object });
      }
    }), { numRuns: 8 });
  });

  test('exactly one of several parallel registrations of one license is the first', async () => {
    const { app, claim } = await sentToSignUp();
    const codes: string[] = [];
    for (let arrival = 0; arrival < 4; arrival += 1) {
      codes.push(new URL(String((await new Browser(app).arrive(posted)).headers?.location)).searchParams.get('code') ?? '');
    }
    const answers = await Promise.all(codes.map(async (code) => claim(code, code)));
    expect(answers.map((answer) => (answer as { registeredBefore: boolean }).registeredBefore).sort()).toEqual([false, true, true, true]);
    const firsts = app.bus.sent.filter(({ detail }) => detail.registeredBefore === false).map(({ detail }) => detail.eventId);
    expect(new Set(firsts).size).toBe(1);
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

  test('simultaneous claims of one claimant get the same answer', async () => {
    const { app, claim } = await sentToSignUp();
    const answers = await Promise.all([claim(), claim(), claim()]);
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(answers[0]).toMatchObject({ licenseId: LICENSE });
    expect(app.bus.ids).toHaveLength(1);
  });

  test.each([
    ['an unknown code', 'x'.repeat(43), 0], ['a code after ten minutes', undefined, 600_000],
  ])("the seller's own sign-up page gets nothing for %s", async (_, given, later) => {
    const { app, claim } = await sentToSignUp();
    app.time.now += later;
    expect(await claim(given)).toMatchObject({ error: { code: 'INVALID_CODE' } });
    expect((await app.item(LICENSE))?.registeredAt).toBeUndefined();
  });

  test.each([[null], [{}], [{ claimRegistration: {} }], [{ claimRegistration: { code: 5 } }], [{ claimRegistration: { code: 'code' } }], ['text']])('a claim with the payload %j is answered with the right form', async (event) => {
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
