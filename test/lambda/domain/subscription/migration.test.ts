import * as fc from 'fast-check';
import { domainEventsOf } from '../../../../lambda/domain/subscription/domain-events';
import { agreementFacts, awaitsMigration, mergeFacts, EMPTY_FACTS, type SubscriptionFacts } from '../../../../lambda/domain/subscription/facts';
import { hasMoved, mergeMigration, type Migration } from '../../../../lambda/domain/subscription/migration';
import { notificationFacts } from '../../../../lambda/domain/subscription/notification-facts';
import { subscriptionState } from '../../../../lambda/domain/subscription/state';
import { meteredLicense } from '../../../../lambda/domain/subscription/subscription';
import { at, fact, LICENSE } from '../../../support/facts';
import { LEGACY_ID, LEGACY_PRODUCT, notified } from '../../../support/notifications';

const HOUR = 60;
/** Hours of the day at which `at(0)` begins. */
const hour = (time: number) => new Date(time).toISOString().slice(0, 13);
const cutOver = Math.ceil(at(2 * HOUR) / 3_600_000) * 3_600_000;
const minutesTo = (time: number) => (time - at(0)) / 60_000;
const CUT_OVER = minutesTo(cutOver);

const former: SubscriptionFacts = {
  ...EMPTY_FACTS,
  notifications: notificationFacts(notified('subscribe-success', 1)),
  registrations: { r: at(3) },
  migration: { continuesAs: LICENSE, cutOver, recordedAt: at(30) },
};
const LICENSED = agreementFacts(fact('LICENSE_UPDATED', 1, { customerAwsAccountId: '111122223333', productCode: LEGACY_PRODUCT }));
const latter: SubscriptionFacts = {
  ...EMPTY_FACTS,
  agreements: LICENSED,
  registrations: { r: at(3) },
  awaited: true,
  migration: { migratedFrom: LEGACY_ID, cutOver, recordedAt: at(30) },
};
const typesOf = (licenseId: string, facts: SubscriptionFacts, now: number) =>
  domainEventsOf({ licenseId, productCode: LEGACY_PRODUCT }, facts, at(now)).map(({ detailType, detail }) => [detailType, detail.reason].filter(Boolean).join(' '));

describe('the former key of a migrated buyer', () => {
  test('the former key stays ACTIVE until the cut-over, and is ENDED and names the license from then on', () => {
    expect(subscriptionState(former, at(CUT_OVER) - 1)).toMatchObject({ status: 'ACTIVE', cutOver });
    expect(subscriptionState(former, at(CUT_OVER))).toMatchObject({ status: 'ENDED', endStatus: 'MIGRATED', continuesAs: LICENSE, statusAt: cutOver });
  });

  test('the former key publishes no end, and nothing of what notifications say after the cut-over', () => {
    const late = { ...former, notifications: { ...former.notifications, ...notificationFacts(notified('unsubscribe-success', CUT_OVER + 5)) } };
    expect(typesOf(LEGACY_ID, late, CUT_OVER + 120)).toEqual(typesOf(LEGACY_ID, former, 30));
    expect(subscriptionState(late, at(CUT_OVER + 120)).endStatus).toBe('MIGRATED');
  });

  test('the former key ends like any other where the buyer leaves before the cut-over', () => {
    const left = { ...former, notifications: { ...former.notifications, ...notificationFacts(notified('unsubscribe-pending', CUT_OVER - 10)) } };
    expect(subscriptionState(left, at(CUT_OVER + 1))).toMatchObject({ status: 'ENDING', endedAt: at(CUT_OVER - 10) });
    expect(typesOf(LEGACY_ID, left, CUT_OVER + 120)).toEqual(expect.arrayContaining(['Subscription Ending', 'Subscription Ended']));
  });

  test('the former key is metered before the hour of the cut-over, and takes usage for the license after it', () => {
    expect(meteredLicense({ licenseId: LEGACY_ID, facts: former }, at(CUT_OVER + 500))).toMatchObject({
      status: 'ACTIVE', meteredUntil: hour(cutOver), continuesAs: LICENSE, customerIdentifier: expect.any(String),
    });
  });
});

describe('the license of a migrated buyer', () => {
  test('the license is metered from an hour after the cut-over on', () => {
    expect(meteredLicense({ licenseId: LICENSE, facts: latter }, at(CUT_OVER))).toMatchObject({
      status: 'ACTIVE', meteredFrom: hour(cutOver + 3_600_000), migratedFrom: LEGACY_ID,
    });
  });

  test('the license publishes that its buyer was migrated, and not a second activation or registration', () => {
    expect(typesOf(LICENSE, latter, CUT_OVER)).toEqual(['Subscription Updated MIGRATED']);
  });

  test('the license publishes no activation where AWS names the license only after the migration was recorded', () => {
    const later = { ...latter, agreements: agreementFacts(fact('LICENSE_UPDATED', 40), fact('LICENSE_UPDATED', 50), fact('ENDED', 60, { status: 'CANCELLED' })) };
    expect(typesOf(LICENSE, later, CUT_OVER + 120)).toEqual([
      'Subscription Updated MIGRATED', 'Subscription Updated LICENSE_UPDATED', 'Subscription Ending', 'Subscription Ended',
    ]);
  });
});

describe('a license that AWS names while buyers are migrated', () => {
  const named: SubscriptionFacts = { ...EMPTY_FACTS, agreements: LICENSED, awaited: true };
  const resolved = (customerIdentifier?: string): SubscriptionFacts => ({
    ...named,
    resolution: { firstAt: at(3), lastAt: at(3), customerAwsAccountId: '111122223333', productCode: LEGACY_PRODUCT, ...customerIdentifier && { customerIdentifier } },
  });

  test('the license waits, without an event, until it is known that its buyer has no customer identifier', () => {
    expect(subscriptionState(named, at(5))).toMatchObject({ status: 'PENDING', pendingReason: 'NOT_MIGRATED' });
    expect(typesOf(LICENSE, named, 5)).toEqual([]);
    expect(awaitsMigration(resolved('ifapi5acf3x'))).toBe(true);
    expect(subscriptionState(resolved(), at(5)).status).toBe('ACTIVE');
    expect(typesOf(LICENSE, resolved(), 5)).toEqual(['Subscription Activated']);
  });

  test('the license is ACTIVE at once where buyers are not migrated', () => {
    expect(subscriptionState({ ...named, awaited: undefined } as never, at(5)).status).toBe('ACTIVE');
  });
});

test('no hour is metered under both keys, and the hour of the cut-over under neither', () => {
  const [one, other] = [meteredLicense({ licenseId: LEGACY_ID, facts: former }, at(0)), meteredLicense({ licenseId: LICENSE, facts: latter }, at(0))];
  for (let offset = -5; offset <= 5; offset += 1) {
    const of = hour(cutOver + offset * 3_600_000);
    expect([of < one.meteredUntil!, of >= other.meteredFrom!]).toEqual([offset < 0, offset > 0]);
  }
});

describe('two decisions about a migration', () => {
  const decision: Migration = { cutOver, recordedAt: at(30) };

  test('the only decision counts', () => {
    expect([mergeMigration(decision, undefined), mergeMigration(undefined, decision), mergeMigration(undefined, undefined)])
      .toStrictEqual([decision, decision, undefined]);
  });

  test.each<[string, Partial<Migration>, Partial<Migration>]>([
    ['that was recorded later', { recordedAt: at(31), cutOver: 0 }, { recordedAt: at(30) }],
    ['that was recorded later, also where its time has more digits', { recordedAt: 1000 }, { recordedAt: 999 }],
    ['of one instant with the later cut-over', { cutOver: cutOver + 3_600_000 }, {}],
    ['of one instant that names the license to continue by', { continuesAs: '1' }, {}],
    ['of one instant that names the former key', { migratedFrom: '1' }, {}],
    ['of one instant that names the ARN of the license', { licenseArn: '1' }, {}],
  ])('the decision %s counts', (_, latest, other) => {
    const [a, b] = [{ ...decision, ...latest }, { ...decision, ...other }];
    expect([mergeMigration(a, b), mergeMigration(b, a)]).toEqual([a, a]);
  });
});

test('a license has the buyer of the former key that its migration names, and of no other', () => {
  expect(hasMoved(latter, LEGACY_ID)).toBe(true);
  expect(hasMoved(latter, `${LEGACY_ID}1`)).toBe(false);
  expect(hasMoved(EMPTY_FACTS, LEGACY_ID)).toBe(false);
});

test('any order and number of decisions about a migration ends with the latest one', () => {
  const migration = fc.record({ continuesAs: fc.constantFrom('l-1', 'l-2'), cutOver: fc.integer({ min: 0, max: 3 }), recordedAt: fc.integer({ min: 0, max: 3 }) });
  fc.assert(fc.property(fc.array(migration, { minLength: 1, maxLength: 6 }), fc.infiniteStream(fc.nat()), (all: Migration[], order) => {
    const shuffled = [...all, ...all].map((one) => [order.next().value, one] as const).sort(([a], [b]) => a - b).map(([, one]) => one);
    const merged = (list: Migration[]) => list.reduce<Migration | undefined>(mergeMigration, undefined);
    expect(merged(shuffled)).toEqual(merged(all));
    expect(merged(all)?.recordedAt).toBe(Math.max(...all.map(({ recordedAt }) => recordedAt)));
    const facts = (one: Migration): SubscriptionFacts => ({ ...EMPTY_FACTS, migration: one });
    expect(shuffled.map(facts).reduce(mergeFacts).migration).toEqual(merged(all));
  }));
});
