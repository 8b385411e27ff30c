import * as fc from 'fast-check';
import { decideLinks, type LinkCandidate, type UnlinkedRegistration } from '../../lambda/domain/registration/links';
import { Browser } from '../support/browser';
import { type LocalDynamo, startDynamo } from '../support/dynoxide';
import { fixture } from '../support/events';
import { ARN, at, LICENSE } from '../support/facts';
import { all } from '../support/html';
import { ACCOUNT, PRODUCT, startIntegration, TOKEN } from '../support/integration';

const registration = (registrationId: string, minutes: number): UnlinkedRegistration =>
  ({ registrationId, resolvedAt: at(minutes), registeredAt: at(minutes + 2) });
const license = (licenseId: string, minutes: number, ...registrationIds: string[]): LinkCandidate =>
  ({ licenseId, since: at(minutes), registrationIds });
const links = (...args: Parameters<typeof decideLinks>) => decideLinks(...args).map((link) => [link.registration.registrationId, link.licenseId]);

describe('a registration without its license', () => {
  test('waits while there is none', () => {
    expect(links([registration('r', 0)], [], at(5))).toEqual([]);
  });

  test('is linked to the only one that nobody registered, whichever came first', () => {
    expect(links([registration('r', 5)], [license('l-1', 6)], at(7))).toEqual([['r', 'l-1']]);
    expect(links([registration('r', 5)], [license('l-1', 4), license('l-taken', 4, 'other')], at(7))).toEqual([['r', 'l-1']]);
  });

  test('is not linked to a license that ResolveCustomer would have named', () => {
    expect(links([registration('r', 120)], [license('l-old', 0)], at(500))).toEqual([]);
    expect(links([registration('r', 120)], [license('l-old', 0), license('l-new', 121)], at(123))).toEqual([['r', 'l-new']]);
  });

  test('is not linked at once to a license that was known for long, nor kept waiting when its own comes', () => {
    const earlier = license('l-earlier', 90);
    expect(links([registration('r', 120)], [earlier], at(121))).toEqual([]);
    expect(links([registration('r', 120)], [earlier, license('l-new', 122)], at(123))).toEqual([['r', 'l-new']]);
    expect(links([registration('r', 120)], [license('l-1', 115)], at(120))).toEqual([['r', 'l-1']]);
  });

  test('is linked to that one after an hour, when nothing newer has come', () => {
    expect(links([registration('r', 120)], [license('l-earlier', 90)], at(185))).toEqual([['r', 'l-earlier']]);
    expect(links([registration('r', 120)], [license('l-earlier', 90), license('l-also', 100)], at(185))).toEqual([]);
    expect(links([registration('r', 120)], [license('l-earlier', 90), license('l-new', 140, 'again')], at(185))).toEqual([['r', 'l-new']]);
  });

  test('is not linked when two licenses could be its own', () => {
    expect(links([registration('r', 0)], [license('l-1', 1), license('l-2', 2)], at(500))).toEqual([]);
  });

  test('waits beside another one for licenses to come; after an hour the one that came is theirs', () => {
    const both = [registration('r1', 0), registration('r2', 1)];
    expect(links(both, [license('l-1', 2)], at(30))).toEqual([]);
    expect(links(both, [license('l-1', 2)], at(63))).toEqual([['r1', 'l-1'], ['r2', 'l-1']]);
  });

  test('is linked, after an hour, to the one license there is, though the buyer has registered that again', () => {
    expect(links([registration('r', 0)], [license('l-1', 1, 'again')], at(30))).toEqual([]);
    expect(links([registration('r', 0)], [license('l-1', 1, 'again')], at(62))).toEqual([['r', 'l-1']]);
  });

  test('is found where an interrupted link has put it, and there only', () => {
    const licenses = [license('l-1', 1, 'r'), license('l-2', 1)];
    expect(links([registration('r', 0)], licenses, at(3))).toEqual([['r', 'l-1']]);
  });

  test('never gets two licenses, and never one that came long before it', () => {
    const someLicenses = fc.uniqueArray(fc.record({
      licenseId: fc.constantFrom('l-1', 'l-2', 'l-3'), minutes: fc.integer({ min: 0, max: 300 }), taken: fc.boolean(),
    }), { selector: ({ licenseId }) => licenseId });
    const someRegistrations = fc.uniqueArray(fc.record({
      id: fc.constantFrom('r1', 'r2'), minutes: fc.integer({ min: 0, max: 300 }),
    }), { selector: ({ id }) => id });
    fc.assert(fc.property(someLicenses, someRegistrations, fc.integer({ min: 0, max: 1000 }), (licenses, registrations, now) => {
      const candidates = licenses.map(({ licenseId, minutes, taken }) => license(licenseId, minutes, ...(taken ? ['other'] : [])));
      const decided = decideLinks(registrations.map(({ id, minutes }) => registration(id, minutes)), candidates, at(now));
      const ids = decided.map((link) => link.registration.registrationId);
      expect(new Set(ids).size).toBe(ids.length);
      for (const link of decided) {
        const { since = 0 } = candidates.find(({ licenseId }) => licenseId === link.licenseId) ?? {};
        const settled = at(now) - link.registration.registeredAt >= 3_600_000;
        expect(since).toBeGreaterThanOrEqual(link.registration.resolvedAt - (settled ? 3_600_000 : 300_000));
      }
    }));
  });
});

describe('over the handlers', () => {
  let dynamo: LocalDynamo;
  beforeAll(async () => { dynamo = await startDynamo(); });
  afterAll(async () => dynamo.stop());

  const details = { company: 'Example Corp', contactName: 'Jo Doe', email: 'jo@example.com' };
  const updated = fixture('observed-2-license-updated-manufacturer');
  const second = JSON.parse(JSON.stringify(updated).replaceAll(LICENSE, 'l-2').replaceAll('agmt-9', 'agmt-2-')) as object;

  async function registerWithoutLicense() {
    const app = await startIntegration(dynamo);
    app.time.now = Date.parse('2026-08-20T14:24:00Z');
    app.resolver.answer = () => ({ customerAwsAccountId: ACCOUNT, productCode: PRODUCT });
    const browser = new Browser(app);
    const done = await browser.submit(await browser.arrive({ 'x-amzn-marketplace-token': TOKEN }), details);
    expect(all(done.page, 'h1')[0]?.text).toBe('Your account is registered');
    expect(app.bus.sent).toEqual([]);
    return app;
  }
  const waiting = { customerAwsAccountId: ACCOUNT, productCode: PRODUCT };

  test('the buyer finishes, and License Updated makes the link', async () => {
    const app = await registerWithoutLicense();
    await app.deliver(updated);
    expect(await app.item(LICENSE)).toMatchObject({ status: 'ACTIVE', registeredAt: '2026-08-20T14:24:00.000Z', registrationIds: ['registration-1'] });
    expect(app.bus.types).toEqual(['Subscription Activated', 'Buyer Registered']);
    expect(await app.unlinked.read(waiting)).toEqual([]);
  });

  test('License Updated that came before makes the link as the buyer finishes', async () => {
    const app = await startIntegration(dynamo);
    app.time.now = Date.parse('2026-08-20T14:24:30Z');
    await app.deliver(updated);
    app.resolver.answer = () => waiting;
    const browser = new Browser(app);
    await browser.submit(await browser.arrive({ 'x-amzn-marketplace-token': TOKEN }), details);
    expect(await app.item(LICENSE)).toMatchObject({ registrationIds: ['registration-1'] });
    expect(app.bus.types).toEqual(['Subscription Activated', 'Buyer Registered']);
  });

  test('a later resolve makes the link', async () => {
    const app = await registerWithoutLicense();
    app.resolver.answer = () => ({ ...waiting, licenseArn: ARN });
    const form = await new Browser(app).arrive({ 'x-amzn-marketplace-token': TOKEN });
    expect(form.statusCode).toBe(200);
    expect(await app.item(LICENSE)).toMatchObject({ status: 'PENDING', licenseArn: ARN, registrationIds: ['registration-1'] });
  });

  test('two licenses at once are told apart by nobody: it waits, is reported, and a registration of one settles the other', async () => {
    const app = await registerWithoutLicense();
    await app.deliver(second);
    expect((await app.item('l-2'))?.registrationIds).toEqual(['registration-1']);

    const other = await registerWithoutLicense();
    await other.recorder.recordFacts('l-3', { agreements: {}, registrations: {}, resolution: { ...waiting, firstAt: other.time.now, lastAt: other.time.now } }, other.time.now);
    await other.deliver(second);
    expect(await other.unlinked.read(waiting)).toHaveLength(1);
    other.time.now += 3_700_000;
    await other.reconcile();
    expect(other.telemetry.counts.SubscriptionsStuckPending).toBe(2);
    await other.recorder.recordFacts('l-3', { agreements: {}, registrations: { direct: other.time.now } }, other.time.now);
    await other.reconcile();
    expect(await other.item('l-2')).toMatchObject({ registrationIds: ['registration-1'] });
    expect(await other.unlinked.read(waiting)).toEqual([]);
  });

  test('two purchases in one hour: the code of the second is never answered with the first license', async () => {
    const app = await startIntegration(dynamo, { signUpUrl: 'https://app.acme.example/sign-up' });
    app.time.now = Date.parse('2026-08-20T14:24:30Z');
    await app.deliver(updated);
    app.time.now += 30 * 60_000;
    app.resolver.answer = () => waiting;
    const code = new URL(String((await new Browser(app).arrive({ 'x-amzn-marketplace-token': TOKEN })).headers?.location)).searchParams.get('code');
    expect(await app.register({ claimRegistration: { code } })).not.toHaveProperty('licenseId');
    await app.deliver({ ...second, id: 'second', time: new Date(app.time.now + 30_000).toISOString() });
    expect(await app.item('l-2')).toMatchObject({ registrationIds: ['registration-1'] });
    expect(await app.item(LICENSE)).toMatchObject({ registrationIds: [] });
    expect(app.bus.sent.filter((event) => event.detailType === 'Buyer Registered').map((event) => event.detail.licenseId)).toEqual(['l-2']);
  });

  test('however often a buyer comes back meanwhile, what waits stays small', async () => {
    const app = await startIntegration(dynamo);
    for (let index = 0; index < 30; index += 1) {
      await app.addUnlinked(waiting, { registrationId: `r${index}`, resolvedAt: at(index), registeredAt: at(index) }, at(index));
    }
    const kept = await app.unlinked.read(waiting);
    expect(kept.map(({ registeredAt }) => registeredAt).sort()).toEqual([0, ...Array.from({ length: 20 }, (_, index) => index + 10)].map(at));
  });

  test('what lags in the index is linked by the next reconciliation', async () => {
    const app = await registerWithoutLicense();
    await app.unlinked.update(waiting, () => [], app.time.now);
    await app.deliver(updated);
    await app.addUnlinked(waiting, { registrationId: 'registration-1', resolvedAt: app.time.now, registeredAt: app.time.now }, app.time.now);
    expect((await app.item(LICENSE))?.registeredAt).toBeUndefined();
    await app.reconcile();
    expect(await app.item(LICENSE)).toMatchObject({ registrationIds: ['registration-1'] });
  });
});
