import { Duration } from 'aws-cdk-lib';
import { integrate, synthesize } from '../support/e2e/assemblies';
import { fixture, fixtureNames, licenseOf, permutations, shuffled, withoutBuyer } from '../support/e2e/marketplace-events';
import { useProduct } from '../support/e2e/use-product';

jest.setTimeout(120_000);

const on = useProduct(() => synthesize((stack) => integrate(stack, { runEvery: Duration.minutes(20) })), '2026-08-20T14:26:00Z');

/** Puts each buyer's events onto the seller's default bus, one event of each at a time, as other buyers' events come between. */
async function deliver(buyers: readonly (readonly string[])[]): Promise<void> {
  const longest = Math.max(...buyers.map((names) => names.length));
  for (let place = 0; place < longest; place++) {
    for (const [buyer, names] of buyers.entries()) {
      if (place < names.length) await on.sandbox.putEvent(fixture(names[place], buyer));
    }
    await on.sandbox.advance('PT10S');
  }
}

/** What the app has in the end: subscription and ids of domain events, for each buyer. */
async function outcomes(buyers: number): Promise<{ subscriptions: Set<string>; eventIds: Set<string> }> {
  const { subscriptions } = await on.sandbox.state();
  const ids = (await on.product.events()).map((event) => event.detail.eventId);
  const all = Array.from({ length: buyers }, (_, buyer) => ({
    subscription: withoutBuyer(subscriptions.find(({ licenseId }) => licenseId === licenseOf(buyer)), buyer),
    ids: withoutBuyer([...new Set(ids.filter((id) => id.includes(licenseOf(buyer))))].sort(), buyer),
  }));
  return { subscriptions: new Set(all.map(({ subscription }) => subscription)), eventIds: new Set(all.map((each) => each.ids)) };
}

test('the observed purchase and cancellation end in one state, in every order and with duplicates', async () => {
  const story = fixtureNames().filter((name) => name.startsWith('observed'));
  expect(story).toHaveLength(4);
  const orders = permutations(story);
  const again = orders.slice(0, 6).map((order) => [...order, ...order]);
  const twice = orders.slice(-6).map((order) => order.flatMap((name) => [name, name]));
  const buyers = [...orders, ...again, ...twice];
  await deliver(buyers);
  await on.product.advance('PT2H');

  const { subscriptions, eventIds } = await outcomes(buyers.length);
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
function partOf(ids: string, part: RegExp): (string | undefined)[] {
  return (JSON.parse(ids) as string[]).map((id) => part.exec(id)?.[0]);
}

/** One agreement's life; the renewal is a story of its own. */
const RENEWAL = ['created-renewal-proposer', 'ended-renewed-proposer', 'license-updated-renewal-manufacturer'];

test('all documented events of one agreement end in one state, in several orders and with duplicates', async () => {
  const documented = fixtureNames().filter((name) => !name.startsWith('observed') && !RENEWAL.includes(name));
  expect(documented.length).toBeGreaterThan(20);
  const buyers = [
    documented, [...documented].reverse(),
    ...[1, 2, 3].map((seed) => shuffled(documented, seed)),
    ...[4, 5].map((seed) => shuffled([...documented, ...documented], seed)),
  ];
  await deliver(buyers);
  await on.product.advance('PT5H');

  const { subscriptions, eventIds } = await outcomes(buyers.length);
  expect(subscriptions.size).toBe(1);
  expect(JSON.parse([...subscriptions][0])).toMatchObject({ status: 'ENDED', agreementIds: ['agmt-9x2rk4t0m1example'] });
  expect(eventIds.size).toBe(1);
  expect(partOf([...eventIds][0], /^subscription-updated:\w+|^[^:]+/)).toEqual(expect.arrayContaining([
    'advisory-issued', 'advisory-resolved', 'subscription-activated', 'subscription-ended', 'subscription-ending',
    'subscription-updated:AGREEMENT_AMENDED', 'subscription-updated:AGREEMENT_ENDING_SOON',
  ]));
  // a buyer's card that fails AWS's check has no published form of event: each is counted for someone to look at
  expect(await on.product.metric('UnknownAgreementEvents')).toBe(5 + 2 * 2);
});

test('a renewal keeps the subscription active, in every order of its events', async () => {
  const buyers = permutations(['license-updated-manufacturer', ...RENEWAL]);
  await deliver(buyers);
  await on.product.advance('PT2H');

  const { subscriptions, eventIds } = await outcomes(buyers.length);
  expect(subscriptions.size).toBe(1);
  expect(JSON.parse([...subscriptions][0])).toMatchObject({
    status: 'ACTIVE', agreementId: 'agmt-renewal0example', agreementIds: ['agmt-9x2rk4t0m1example', 'agmt-renewal0example'],
  });
  expect([...eventIds].map((ids) => partOf(ids, /^[^:]+:[^:]+/))).toEqual([[
    'subscription-activated:agmt-9x2rk4t0m1example', 'subscription-activated:agmt-renewal0example', 'subscription-updated:AGREEMENT_RENEWED',
  ]]);
});
