import { Duration } from 'aws-cdk-lib';
import { integrate, synthesize } from '../support/e2e/assemblies';
import { fixture, fixtureNames, licenseOf, permutations, shuffled, untold } from '../support/e2e/marketplace-events';
import { useProduct } from '../support/e2e/use-product';

jest.setTimeout(120_000);

const on = useProduct(() => synthesize((stack) => integrate(stack, { runEvery: Duration.minutes(20) })), '2026-08-20T14:26:00Z');

/** Puts each telling's events onto the seller's default bus, one event of each at a time, as other buyers' events come between. */
async function tell(tellings: readonly (readonly string[])[]): Promise<void> {
  const longest = Math.max(...tellings.map((names) => names.length));
  for (let place = 0; place < longest; place++) {
    for (const [telling, names] of tellings.entries()) {
      if (place < names.length) await on.sandbox.putEvent(fixture(names[place], telling));
    }
    await on.sandbox.advance('PT10S');
  }
}

/** What the app has in the end, and was told: subscription and ids of domain events, for each telling. */
async function outcomes(tellings: number): Promise<{ subscriptions: Set<string>; eventIds: Set<string> }> {
  const { subscriptions } = await on.sandbox.state();
  const ids = (await on.product.events()).map((event) => event.detail.eventId);
  const all = Array.from({ length: tellings }, (_, telling) => ({
    subscription: untold(subscriptions.find(({ licenseId }) => licenseId === licenseOf(telling)), telling),
    ids: untold([...new Set(ids.filter((id) => id.includes(licenseOf(telling))))].sort(), telling),
  }));
  return { subscriptions: new Set(all.map(({ subscription }) => subscription)), eventIds: new Set(all.map((each) => each.ids)) };
}

test('the observed purchase and cancellation, in every order, each event once or twice', async () => {
  const story = fixtureNames().filter((name) => name.startsWith('observed'));
  expect(story).toHaveLength(4);
  const orders = permutations(story);
  const again = orders.slice(0, 6).map((order) => [...order, ...order]);
  const twice = orders.slice(-6).map((order) => order.flatMap((name) => [name, name]));
  const tellings = [...orders, ...again, ...twice];
  await tell(tellings);
  await on.product.advance('PT2H');

  const { subscriptions, eventIds } = await outcomes(tellings.length);
  expect(subscriptions.size).toBe(1);
  expect(JSON.parse([...subscriptions][0])).toMatchObject({
    licenseId: 'LICENSE',
    status: 'ENDED',
    endedAt: '2026-08-20T14:24:57.000Z',
    finalWindowClosesAt: '2026-08-20T15:25:28.000Z',
    customerAwsAccountId: '111122223333',
    productCode: '4ml54db8vrmjuykaw1psroool',
  });
  expect([...eventIds].map((ids) => JSON.parse(ids))).toEqual([
    ['activated', 'ended', 'ending'].map((what) => `subscription-${what}:agmt-9x2rk4t0m1example:LICENSE`),
  ]);
});

/** Of each event id, the part that the story decides. */
function told(ids: string, part: RegExp): (string | undefined)[] {
  return (JSON.parse(ids) as string[]).map((id) => part.exec(id)?.[0]);
}

/** One agreement's life; the renewal is a story of its own. */
const RENEWAL = ['created-renewal-proposer', 'ended-renewed-proposer', 'license-updated-renewal-manufacturer'];

test('everything that AWS documents of an agreement and its end, in several orders, with duplicates', async () => {
  const documented = fixtureNames().filter((name) => !name.startsWith('observed') && !RENEWAL.includes(name));
  expect(documented.length).toBeGreaterThan(20);
  const tellings = [
    documented, [...documented].reverse(),
    ...[1, 2, 3].map((seed) => shuffled(documented, seed)),
    ...[4, 5].map((seed) => shuffled([...documented, ...documented], seed)),
  ];
  await tell(tellings);
  await on.product.advance('PT5H');

  const { subscriptions, eventIds } = await outcomes(tellings.length);
  expect(subscriptions.size).toBe(1);
  expect(JSON.parse([...subscriptions][0])).toMatchObject({ status: 'ENDED', agreementIds: ['agmt-9x2rk4t0m1example'] });
  expect([...eventIds].map((ids) => told(ids, /^subscription-updated:\w+|^[^:]+/))).toEqual([[
    'advisory-issued', 'advisory-resolved', 'subscription-activated', 'subscription-ended', 'subscription-ending',
    'subscription-updated:AGREEMENT_AMENDED', 'subscription-updated:AGREEMENT_ENDING_SOON',
  ]]);
  // a buyer's card that fails AWS's check has no published form of event: each is counted for someone to look at
  expect(await on.product.metric('UnknownAgreementEvents')).toBe(5 + 2 * 2);
});

test('a renewal, in every order', async () => {
  const tellings = permutations(['license-updated-manufacturer', ...RENEWAL]);
  await tell(tellings);
  await on.product.advance('PT2H');

  const { subscriptions, eventIds } = await outcomes(tellings.length);
  expect(subscriptions.size).toBe(1);
  expect(JSON.parse([...subscriptions][0])).toMatchObject({
    status: 'ACTIVE', agreementId: 'agmt-renewal0example', agreementIds: ['agmt-9x2rk4t0m1example', 'agmt-renewal0example'],
  });
  expect([...eventIds].map((ids) => told(ids, /^[^:]+:[^:]+/))).toEqual([[
    'subscription-activated:agmt-9x2rk4t0m1example', 'subscription-activated:agmt-renewal0example', 'subscription-updated:AGREEMENT_RENEWED',
  ]]);
});
