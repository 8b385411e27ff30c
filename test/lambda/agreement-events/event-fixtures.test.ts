import { readdirSync } from 'node:fs';
import { readAgreementEvent } from '../../../lambda/domain/subscription/agreement-event';
import { Browser } from '../../support/browser';
import { DETAILS } from '../../support/buyer-details';
import { type LocalDynamo, startDynamo } from '../../support/dynoxide';
import { fixture, FIXTURES, type MarketplaceEvent } from '../../support/events';
import { LICENSE, permutations } from '../../support/facts';
import { ACCOUNT, PRODUCT, startIntegration, TOKEN } from '../../support/integration';

let dynamo: LocalDynamo;
beforeAll(async () => { dynamo = await startDynamo(); });
afterAll(async () => dynamo.stop());

const names = readdirSync(FIXTURES).map((file) => file.replace(/\.json$/, ''));

describe('every event of the documentation', () => {
  test.each(names)('the documented event %s is read', (name) => {
    const event = fixture(name);
    const read = readAgreementEvent(JSON.stringify(event));
    expect(read).toMatchObject({ eventId: event.id, detailType: event['detail-type'] });
    expect(read.outcome).toBe('FACT');
    const { agreement, advisory } = event.detail as {
      agreement: { acceptanceTime?: string; endTime?: string; daysBeforeEndTime?: number };
      advisory?: { issuedAt?: string; resolvedAt?: string };
    };
    const { endTime = '', daysBeforeEndTime } = agreement;
    const noticedFrom = daysBeforeEndTime === undefined ? undefined : new Date(Date.parse(endTime) - daysBeforeEndTime * 86_400_000).toISOString();
    const time = (name.includes('created') ? agreement.acceptanceTime : noticedFrom ?? advisory?.issuedAt ?? advisory?.resolvedAt) ?? event.time;
    expect(read.outcome === 'FACT' ? read.fact.time : Date.parse(time)).toBe(Date.parse(time));
    expect(read.outcome === 'FACT' ? read.licenseId : undefined).toBe(name.includes('license') ? LICENSE : undefined);
  });

  test('role-specific variants of one event are one fact', async () => {
    const app = await startIntegration(dynamo);
    const variants = ['license-updated-manufacturer', 'license-updated-proposer', 'amended-manufacturer', 'amended-proposer'].map(fixture);
    await app.deliver(...variants.map((event) => ({ ...event, detail: { ...event.detail, requestId: 'of-the-one-event' } })));
    expect(app.bus.types).toEqual(['Subscription Activated', 'Subscription Updated']);
    const { facts } = await app.item(LICENSE) ?? {};
    expect(Object.values(facts?.agreements ?? {}).find((fact) => fact.kind === 'AMENDED')).toMatchObject({ autoRenewalEnabled: true });
  });
});

/** A buyer who registers while ResolveCustomer names no license yet. */
const REGISTRATION = 'registration';

describe('events in every order, each delivered twice', () => {
  async function outcomes(events: readonly (MarketplaceEvent | typeof REGISTRATION)[], from: string, until: string) {
    const all = new Set<string>();
    for (const order of permutations(events)) {
      const app = await startIntegration(dynamo);
      app.time.now = Date.parse(from);
      app.resolver.answer = () => ({ customerAwsAccountId: ACCOUNT, productCode: PRODUCT });
      for (const step of order) {
        if (step === REGISTRATION) {
          const browser = new Browser(app);
          await browser.submit(await browser.arrive({ 'x-amzn-marketplace-token': TOKEN }), DETAILS);
        } else {
          expect(await app.deliver(step, step)).toEqual({ batchItemFailures: [] });
        }
      }
      app.time.now = Date.parse(until);
      await app.reconcile();
      const { revision, asOf, ...item } = await app.item(LICENSE) ?? {};
      all.add(JSON.stringify([sorted(item), app.bus.ids]));
    }
    return [...all].map((text) => JSON.parse(text) as [Record<string, unknown>, string[]]);
  }

  test('the observed purchase and cancellation end in the same state and events', async () => {
    const events = [
      'observed-1-created-proposer', 'observed-2-license-updated-manufacturer', 'observed-3-ended-proposer', 'observed-4-license-deprovisioned-manufacturer',
    ].map(fixture);
    const all = await outcomes(events, '2026-08-20T14:23:00Z', '2026-08-20T16:00:00Z');
    expect(all).toHaveLength(1);
    expect(all[0]?.[0]).toMatchObject({ status: 'ENDED', endedAt: '2026-08-20T14:24:57.000Z', finalWindowClosesAt: '2026-08-20T15:25:28.000Z' });
    const agreement = 'agmt-9x2rk4t0m1example';
    expect(all[0]?.[1]).toEqual(['activated', 'ended', 'ending'].map((what) => `subscription-${what}:${agreement}:${LICENSE}`));
  }, 60_000);

  test('a registration without a license is linked to it', async () => {
    const events = ['observed-2-license-updated-manufacturer', 'observed-3-ended-proposer', 'observed-4-license-deprovisioned-manufacturer'].map(fixture);
    const all = await outcomes([REGISTRATION, ...events], '2026-08-20T14:23:00Z', '2026-08-20T16:00:00Z');
    expect(all).toHaveLength(1);
    expect(all[0]?.[0]).toMatchObject({ status: 'ENDED', registeredAt: '2026-08-20T14:23:00.000Z', registrationIds: ['registration-1'] });
    expect(all[0]?.[1]).toHaveLength(4);
  }, 60_000);

  test('a renewal that keeps its license leaves the subscription active', async () => {
    const events = ['license-updated-manufacturer', 'created-renewal-proposer', 'ended-renewed-proposer', 'license-updated-renewal-manufacturer'].map(fixture);
    const all = await outcomes(events, '2027-08-20T14:00:00Z', '2027-08-21T00:00:00Z');
    expect(all).toHaveLength(1);
    expect(all[0]?.[0]).toMatchObject({ status: 'ACTIVE', agreementId: 'agmt-renewal0example', activeSince: '2026-08-20T14:01:12.000Z' });
    expect(all[0]?.[1]?.map((id) => id.split(':').slice(0, 2).join(':'))).toEqual([
      'subscription-activated:agmt-9x2rk4t0m1example', 'subscription-activated:agmt-renewal0example', 'subscription-updated:AGREEMENT_RENEWED',
    ]);
  }, 60_000);
});

function sorted(value: unknown): unknown {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, field]) => [key, sorted(field)]))
    : value;
}
