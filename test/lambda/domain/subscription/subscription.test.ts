import { EMPTY_FACTS, type SubscriptionFacts } from '../../../../lambda/domain/subscription/facts';
import { type NotificationFact, notificationFacts } from '../../../../lambda/domain/subscription/notification-facts';
import { applyFacts, lastLicenseUpdate, meteredLicense, type Subscription } from '../../../../lambda/domain/subscription/subscription';
import { ARN, at, fact, factsOf, LICENSE } from '../../../support/facts';
import { LEGACY_BUYER, LEGACY_ID, LEGACY_PRODUCT, notified } from '../../../support/notifications';

const ACTIVE = factsOf(fact('LICENSE_UPDATED', 1));
const ENDED = factsOf(fact('ENDED', 10, { status: 'CANCELLED' }));
const resolution = { firstAt: at(2), lastAt: at(2), customerAwsAccountId: '111122223333', productCode: 'product', licenseArn: ARN };

function applied(before: Subscription | undefined, added: SubscriptionFacts, now: number) {
  const { events, ...rest } = applyFacts(before, LICENSE, added, at(now), 'product');
  return { ...rest, types: events.map(({ detailType }) => detailType) };
}

describe('facts that are added to a subscription', () => {
  test('the first facts of a license are kept with the events that they give rise to', () => {
    expect(applied(undefined, ACTIVE, 5)).toMatchObject({
      after: { licenseId: LICENSE, facts: ACTIVE, asOf: at(5) }, state: { status: 'ACTIVE' }, types: ['Subscription Activated'], changed: true,
    });
  });

  test('a license is kept from the first look at it on, also without a fact', () => {
    expect(applied(undefined, EMPTY_FACTS, 5)).toMatchObject({ after: { facts: EMPTY_FACTS, asOf: at(5) }, types: [], changed: true });
  });

  test('facts that are known already change nothing, and give rise to no event', () => {
    const { after } = applied(undefined, ACTIVE, 5);
    for (const again of [ACTIVE, EMPTY_FACTS]) {
      expect(applied(after, again, 9)).toMatchObject({ after, state: { status: 'ACTIVE' }, types: [], changed: false });
    }
  });

  test('a fact without an event is kept', () => {
    const { after } = applied(undefined, ACTIVE, 5);
    const resolved = applied(after, { ...EMPTY_FACTS, resolution }, 9);
    expect(resolved).toMatchObject({ after: { facts: { ...ACTIVE, resolution }, asOf: at(9) }, types: [], changed: true });
  });

  test('only events that were not published before are new', () => {
    const { after } = applied(undefined, ACTIVE, 5);
    expect(applied(after, ENDED, 11)).toMatchObject({ state: { status: 'ENDING' }, types: ['Subscription Ending'], changed: true });
  });

  test('the end of the final hour is a change without a fact', () => {
    const { after } = applied(applied(undefined, ACTIVE, 5).after, ENDED, 11);
    expect(applied(after, EMPTY_FACTS, 69)).toMatchObject({ after, types: [], changed: false });
    expect(applied(after, EMPTY_FACTS, 70)).toMatchObject({ after: { asOf: at(70) }, state: { status: 'ENDED' }, types: ['Subscription Ended'], changed: true });
  });

  test('a free trial that becomes a paid subscription is a change without a fact, although the subscription stays active', () => {
    const trial = factsOf(fact('LICENSE_UPDATED', 1), fact('TERMS', 0, { trialEndsAt: new Date(at(600)).toISOString() }));
    const { after } = applied(undefined, trial, 5);
    expect(applied(after, EMPTY_FACTS, 659)).toMatchObject({ types: [], changed: false });
    expect(applied(after, EMPTY_FACTS, 660)).toMatchObject({ after: { asOf: at(660) }, types: ['Free Trial Converted'], changed: true });
  });

  test('the cut-over of a migrated buyer is a change without an event', () => {
    const moving: SubscriptionFacts = {
      ...EMPTY_FACTS, notifications: notificationFacts(notified('subscribe-success', 1)), migration: { continuesAs: 'l-1', cutOver: at(60), recordedAt: at(3) },
    };
    const { after } = applied(undefined, moving, 5);
    expect(applied(after, EMPTY_FACTS, 59)).toMatchObject({ state: { status: 'ACTIVE' }, changed: false });
    expect(applied(after, EMPTY_FACTS, 60)).toMatchObject({ after: { asOf: at(60) }, state: { status: 'ENDED' }, types: [], changed: true });
  });

  test('a clock that is behind does not take back what was published', () => {
    const { after } = applied(applied(undefined, ACTIVE, 5).after, ENDED, 70);
    expect(applied(after, { ...EMPTY_FACTS, resolution }, 20)).toMatchObject({ after: { asOf: at(70) }, state: { status: 'ENDED' }, types: [], changed: true });
  });

  test('a registration that a clock which is behind completes comes after the first one', () => {
    const { after } = applied(undefined, { ...EMPTY_FACTS, registrations: { r1: at(9) } }, 9);
    const { state, types } = applied(after, { ...EMPTY_FACTS, registrations: { r2: at(8) } }, 9);
    expect({ first: state.firstRegistrationId, types }).toEqual({ first: 'r1', types: ['Buyer Registered'] });
  });

  test('events have the product code of the integration where no fact has one', () => {
    expect(applyFacts(undefined, LICENSE, ACTIVE, at(5), 'of-integration').events[0].detail).toMatchObject({ licenseId: LICENSE, productCode: 'of-integration' });
  });
});

describe('a license as metering sees it', () => {
  test('a license is metered by its ARN, with its product code, account and times', () => {
    const facts = { ...factsOf(fact('LICENSE_UPDATED', 1), fact('LICENSE_UPDATED', 4), fact('ENDED', 10, { status: 'CANCELLED' })), resolution };
    expect(meteredLicense({ licenseId: LICENSE, facts }, at(20))).toStrictEqual({
      licenseId: LICENSE,
      status: 'ENDING',
      licenseArn: ARN,
      productCode: 'product',
      customerAwsAccountId: '111122223333',
      activeSince: at(1),
      updatedAt: at(4),
      endedAt: at(10),
      finalWindowClosesAt: at(70),
    });
  });

  test('a license of which nothing is known is pending', () => {
    expect(meteredLicense({ licenseId: LICENSE, facts: EMPTY_FACTS }, at(20))).toStrictEqual({ licenseId: LICENSE, status: 'PENDING' });
  });

  test('a buyer of a legacy product who has left is metered by customer identifier, until the final notice', () => {
    const facts = { ...EMPTY_FACTS, notifications: notificationFacts(notified('subscribe-success', 1), notified('unsubscribe-success', 10)) };
    expect(meteredLicense({ licenseId: LEGACY_ID, facts }, at(20))).toStrictEqual({
      licenseId: LEGACY_ID,
      status: 'ENDED',
      productCode: LEGACY_PRODUCT,
      customerIdentifier: LEGACY_BUYER,
      activeSince: at(1),
      updatedAt: at(1),
      endedAt: at(10),
      finalWindowClosesAt: at(10),
    });
  });
});

describe('the last update of a license', () => {
  test('of several License Updated the latest counts, and no other event', () => {
    expect(lastLicenseUpdate(factsOf(fact('LICENSE_UPDATED', 4), fact('LICENSE_UPDATED', 7), fact('AMENDED', 9), fact('LICENSE_DEPROVISIONED', 10)))).toBe(at(7));
  });

  test('of a legacy product a purchase and changed entitlements count, and no other notification', () => {
    const last = (...facts: readonly NotificationFact[]) => lastLicenseUpdate({ ...EMPTY_FACTS, notifications: notificationFacts(...facts) });
    expect(last(notified('subscribe-success', 1), notified('subscribe-fail', 2), notified('unsubscribe-pending', 3), notified('unsubscribe-success', 4))).toBe(at(1));
    expect(last(notified('entitlement-updated', 8), notified('subscribe-success', 1))).toBe(at(8));
  });

  test('there is none before an event reports one', () => {
    expect(lastLicenseUpdate(EMPTY_FACTS)).toBeUndefined();
    expect(lastLicenseUpdate(factsOf(fact('CREATED', 1)))).toBeUndefined();
  });
});
