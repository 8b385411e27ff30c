import { Browser } from '../../support/browser';
import { DETAILS } from '../../support/buyer-details';
import { type LocalDynamo, startDynamo } from '../../support/dynoxide';
import { fixture } from '../../support/events';
import { ARN, at, LICENSE } from '../../support/facts';
import { all } from '../../support/html';
import { ACCOUNT, PRODUCT, startIntegration, TOKEN } from '../../support/integration';

describe('registrations without a license, over the handlers', () => {
  let dynamo: LocalDynamo;
  beforeAll(async () => { dynamo = await startDynamo(); });
  afterAll(async () => dynamo.stop());

  const updated = fixture('observed-2-license-updated-manufacturer');
  const second = JSON.parse(JSON.stringify(updated).replaceAll(LICENSE, 'l-2').replaceAll('agmt-9', 'agmt-2-')) as object;

  async function registerWithoutLicense() {
    const app = await startIntegration(dynamo);
    app.time.now = Date.parse('2026-08-20T14:24:00Z');
    app.resolver.answer = () => ({ customerAwsAccountId: ACCOUNT, productCode: PRODUCT });
    const browser = new Browser(app);
    const done = await browser.submit(await browser.arrive({ 'x-amzn-marketplace-token': TOKEN }), DETAILS);
    expect(all(done.page, 'h1')[0]?.text).toBe('You are all set');
    expect(app.bus.sent).toEqual([]);
    return app;
  }
  const waiting = { customerAwsAccountId: ACCOUNT, productCode: PRODUCT };

  test('License Updated links a registration that was completed before it', async () => {
    const app = await registerWithoutLicense();
    await app.deliver(updated);
    expect(await app.item(LICENSE)).toMatchObject({ status: 'ACTIVE', registeredAt: '2026-08-20T14:24:00.000Z', registrationIds: ['registration-1'] });
    expect(app.bus.types).toEqual(['Subscription Activated', 'Buyer Registered']);
    expect(await app.unlinked.read(waiting)).toEqual([]);
  });

  test('a registration is linked at once when License Updated came before it', async () => {
    const app = await startIntegration(dynamo);
    app.time.now = Date.parse('2026-08-20T14:24:30Z');
    await app.deliver(updated);
    app.resolver.answer = () => waiting;
    const browser = new Browser(app);
    await browser.submit(await browser.arrive({ 'x-amzn-marketplace-token': TOKEN }), DETAILS);
    expect(await app.item(LICENSE)).toMatchObject({ registrationIds: ['registration-1'] });
    expect(app.bus.types).toEqual(['Subscription Activated', 'Buyer Registered']);
  });

  test('a later ResolveCustomer links a registration that waits', async () => {
    const app = await registerWithoutLicense();
    app.resolver.answer = () => ({ ...waiting, licenseArn: ARN });
    const form = await new Browser(app).arrive({ 'x-amzn-marketplace-token': TOKEN });
    expect(form.statusCode).toBe(200);
    expect(await app.item(LICENSE)).toMatchObject({ status: 'PENDING', licenseArn: ARN, registrationIds: ['registration-1'] });
  });

  test('a registration with two possible licenses waits and is reported, and is linked once the other license is registered', async () => {
    const app = await registerWithoutLicense();
    await app.deliver(second);
    expect((await app.item('l-2'))?.registrationIds).toEqual(['registration-1']);

    const other = await registerWithoutLicense();
    await other.recorder.recordFacts('l-3', { agreements: {}, registrations: {}, resolution: { ...waiting, firstAt: other.time.now, lastAt: other.time.now } }, other.time.now);
    await other.deliver(second);
    expect(await other.unlinked.read(waiting)).toHaveLength(1);
    other.time.now += 3_700_000;
    await other.reconcile();
    expect(other.telemetry.values.SubscriptionsStuckPending).toBe(2);
    await other.recorder.recordFacts('l-3', { agreements: {}, registrations: { direct: other.time.now } }, other.time.now);
    await other.reconcile();
    expect(await other.item('l-2')).toMatchObject({ registrationIds: ['registration-1'] });
    expect(await other.unlinked.read(waiting)).toEqual([]);
  });

  test('the code of the second of two purchases in one hour is never answered with the license of the first', async () => {
    const app = await startIntegration(dynamo, { signUpUrl: 'https://app.acme.example/sign-up' });
    app.time.now = Date.parse('2026-08-20T14:24:30Z');
    await app.deliver(updated);
    app.time.now += 30 * 60_000;
    app.resolver.answer = () => waiting;
    const code = new URL(String((await new Browser(app).arrive({ 'x-amzn-marketplace-token': TOKEN })).headers?.location)).searchParams.get('code');
    expect(await app.register({ claimRegistration: { code, claimId: 'claim-1' } })).not.toHaveProperty('licenseId');
    await app.deliver({ ...second, id: 'second', time: new Date(app.time.now + 30_000).toISOString() });
    expect(await app.item('l-2')).toMatchObject({ registrationIds: ['registration-1'] });
    expect(await app.item(LICENSE)).toMatchObject({ registrationIds: [] });
    expect(app.bus.sent.filter((event) => event.detailType === 'Buyer Registered').map((event) => event.detail.licenseId)).toEqual(['l-2']);
  });

  test('the number of waiting registrations of a buyer is bounded', async () => {
    const app = await startIntegration(dynamo);
    for (let index = 0; index < 30; index += 1) {
      await app.addUnlinked(waiting, { registrationId: `r${index}`, resolvedAt: at(index), registeredAt: at(index) }, at(index));
    }
    const kept = await app.unlinked.read(waiting);
    expect(kept.map(({ registeredAt }) => registeredAt).sort()).toEqual([0, ...Array.from({ length: 20 }, (_, index) => index + 10)].map(at));
  });

  test('reconciliation links a registration that the index did not show before', async () => {
    const app = await registerWithoutLicense();
    await app.unlinked.update(waiting, () => [], app.time.now);
    await app.deliver(updated);
    await app.addUnlinked(waiting, { registrationId: 'registration-1', resolvedAt: app.time.now, registeredAt: app.time.now }, app.time.now);
    expect((await app.item(LICENSE))?.registeredAt).toBeUndefined();
    await app.reconcile();
    expect(await app.item(LICENSE)).toMatchObject({ registrationIds: ['registration-1'] });
  });
});
