import * as fc from 'fast-check';
import { domainEventsOf } from '../../../../lambda/domain/subscription/domain-events';
import { mergeFacts, EMPTY_FACTS, type SubscriptionFacts } from '../../../../lambda/domain/subscription/facts';
import { NOTIFICATION_ACTIONS, type NotificationFact, notificationFacts } from '../../../../lambda/domain/subscription/notification-facts';
import { subscriptionState } from '../../../../lambda/domain/subscription/state';
import { meteredLicense } from '../../../../lambda/domain/subscription/subscription';
import { ARN, at, permutations } from '../../../support/facts';
import { LEGACY_BUYER, LEGACY_ID, LEGACY_PRODUCT, notified } from '../../../support/notifications';

const factsOf = (...facts: readonly NotificationFact[]): SubscriptionFacts => ({ ...EMPTY_FACTS, notifications: notificationFacts(...facts) });
const stateOf = (now: number, ...facts: readonly NotificationFact[]) => subscriptionState(factsOf(...facts), at(now));
const typesOf = (now: number, ...facts: readonly NotificationFact[]) =>
  domainEventsOf({ licenseId: LEGACY_ID, productCode: LEGACY_PRODUCT }, factsOf(...facts), at(now)).map(({ detailType }) => detailType);

const BEGUN = notified('subscribe-success', 1);
const ENDING = notified('unsubscribe-pending', 10);

describe('the state of a buyer of a legacy product', () => {
  test('a subscription is ACTIVE from subscribe-success on', () => {
    expect(stateOf(5, BEGUN)).toMatchObject({ status: 'ACTIVE', activeSince: at(1), statusAt: at(1) });
  });

  test('a subscription is ENDING from unsubscribe-pending on, and ENDED an hour later or with the final notice', () => {
    expect(stateOf(20, BEGUN, ENDING)).toMatchObject({ status: 'ENDING', endedAt: at(10), finalWindowClosesAt: at(70) });
    expect(stateOf(70, BEGUN, ENDING).status).toBe('ENDED');
    expect(stateOf(50, BEGUN, ENDING, notified('unsubscribe-success', 45))).toMatchObject({ status: 'ENDED', finalWindowClosesAt: at(45) });
  });

  test('a subscription is ENDED where only the final notice arrived', () => {
    expect(stateOf(50, BEGUN, notified('unsubscribe-success', 45))).toMatchObject({ status: 'ENDED', endedAt: at(45) });
  });

  test('a subscription is ACTIVE again when the buyer subscribes again, before or after the final notice', () => {
    expect(stateOf(90, BEGUN, ENDING, notified('subscribe-success', 20))).toMatchObject({ status: 'ACTIVE', activeSince: at(20) });
    expect(stateOf(300, BEGUN, ENDING, notified('unsubscribe-success', 70), notified('subscribe-success', 200)).status).toBe('ACTIVE');
  });

  test('a subscription is ENDED, as FAILED, where the first payment failed, and ACTIVE where a later one succeeds', () => {
    const failed = notified('subscribe-fail', 1);
    expect(stateOf(2, failed)).toMatchObject({ status: 'ENDED', endStatus: 'FAILED', finalWindowClosesAt: at(1) });
    expect(stateOf(5, failed, notified('subscribe-success', 3))).toMatchObject({ status: 'ACTIVE', activeSince: at(3) });
  });

  test('a subscription stays ACTIVE where a change of the offer failed', () => {
    expect(stateOf(9, BEGUN, notified('subscribe-fail', 5)).status).toBe('ACTIVE');
  });

  test('the latest notification that mentions a free trial decides', () => {
    const mentions = (minutes: number, freeTrial?: boolean) => notified('subscribe-success', minutes, freeTrial === undefined ? {} : { freeTrial });
    expect(stateOf(9, mentions(1, true), mentions(4, true), mentions(5, false)).freeTrial).toBe(false);
    expect(stateOf(9, mentions(1, false), mentions(5, true), mentions(6)).freeTrial).toBe(true);
    expect(stateOf(9, mentions(1))).not.toHaveProperty('freeTrial');
  });

  test('the state has what notifications, ResolveCustomer and registrations say', () => {
    const resolution = { firstAt: at(0), lastAt: at(0), customerAwsAccountId: '111122223333', productCode: LEGACY_PRODUCT, licenseArn: ARN };
    expect(subscriptionState({ ...factsOf(BEGUN, ENDING), resolution, registrations: { r1: at(9), r2: at(5) } }, at(20))).toStrictEqual({
      status: 'ENDING',
      statusAt: at(70),
      agreementIds: [],
      activeSince: at(1),
      endedAt: at(10),
      finalWindowClosesAt: at(70),
      registeredAt: at(5),
      firstRegistrationId: 'r2',
      registrationIds: ['r1', 'r2'],
      licenseArn: ARN,
      customerAwsAccountId: '111122223333',
      productCode: LEGACY_PRODUCT,
    });
    expect(stateOf(5, BEGUN)).toStrictEqual({ status: 'ACTIVE', statusAt: at(1), agreementIds: [], activeSince: at(1), registrationIds: [] });
  });

  test('a subscription without subscribe-success is pending, since ResolveCustomer, the registration or the first notification', () => {
    const facts = factsOf(notified('entitlement-updated', 2), notified('entitlement-updated', 1));
    const resolution = { firstAt: at(3), lastAt: at(3), customerAwsAccountId: '111122223333', productCode: LEGACY_PRODUCT };
    expect(subscriptionState(facts, at(5))).toStrictEqual({ status: 'PENDING', statusAt: at(1), pendingReason: 'NOT_ACTIVATED', agreementIds: [], registrationIds: [] });
    expect(subscriptionState({ ...facts, registrations: { r: at(4) } }, at(5))).toMatchObject({ status: 'PENDING', statusAt: at(4) });
    expect(subscriptionState({ ...facts, resolution }, at(5))).toMatchObject({ status: 'PENDING', statusAt: at(3) });
  });

  test('metering gets product code and customer identifier, and no license even if ResolveCustomer named one', () => {
    const facts = { ...factsOf(BEGUN), resolution: { firstAt: at(0), lastAt: at(0), customerAwsAccountId: '111122223333', productCode: LEGACY_PRODUCT, licenseArn: 'arn:aws:license-manager::294406891311:license:l-1' } };
    const license = meteredLicense({ licenseId: LEGACY_ID, facts }, at(5));
    expect(license).toMatchObject({ productCode: LEGACY_PRODUCT, customerIdentifier: LEGACY_BUYER, status: 'ACTIVE' });
    expect(license).not.toHaveProperty('licenseArn');
  });
});

describe('the domain events of a buyer of a legacy product', () => {
  test('each tenure has its own activation and end', () => {
    expect(typesOf(500, BEGUN, ENDING, notified('subscribe-success', 20), notified('unsubscribe-pending', 100))).toEqual([
      'Subscription Activated', 'Subscription Activated', 'Subscription Ending', 'Subscription Ended',
    ]);
  });

  test('another offer, a failed change and changed entitlements are updates', () => {
    expect(typesOf(9, BEGUN, notified('subscribe-success', 2), notified('subscribe-fail', 3), notified('entitlement-updated', 4))).toEqual([
      'Subscription Activated', 'Subscription Updated', 'Subscription Updated', 'Subscription Updated',
    ]);
  });
});

const anyNotification: fc.Arbitrary<NotificationFact> = fc.record({
  action: fc.constantFrom(...NOTIFICATION_ACTIONS),
  time: fc.integer({ min: 0, max: 12 }).map((minutes) => at(minutes)),
  freeTrial: fc.boolean(),
});

test('merging notifications is commutative, associative and idempotent', () => {
  const some = fc.array(anyNotification, { maxLength: 6 }).map((facts) => factsOf(...facts));
  fc.assert(fc.property(some, some, some, (a, b, c) => {
    expect(mergeFacts(a, b)).toEqual(mergeFacts(b, a));
    expect(mergeFacts(mergeFacts(a, b), c)).toEqual(mergeFacts(a, mergeFacts(b, c)));
    expect(mergeFacts(mergeFacts(a, b), b)).toEqual(mergeFacts(a, b));
  }), { numRuns: 300 });
});

test('every order and repetition of notifications ends in one state with the same events', () => {
  fc.assert(fc.property(fc.array(anyNotification, { minLength: 1, maxLength: 4 }), (story) => {
    const outcomes = permutations(story).flatMap((order) => [order, [...order, ...order]]).map((order) => {
      const facts = order.map((each) => factsOf(each)).reduce(mergeFacts, EMPTY_FACTS);
      return JSON.stringify([subscriptionState(facts, at(40)), domainEventsOf({ licenseId: LEGACY_ID, productCode: LEGACY_PRODUCT }, facts, at(40))]);
    });
    expect(new Set(outcomes).size).toBe(1);
  }), { numRuns: 60 });
});

test('no order shows a buyer as active who has left, unless a later subscribe-success came', () => {
  fc.assert(fc.property(fc.array(anyNotification, { minLength: 1, maxLength: 8 }), (story) => {
    const last = (action: string) => Math.max(-1, ...story.filter((each) => each.action.startsWith(action)).map(({ time }) => time));
    const isActive = subscriptionState(factsOf(...story), at(40)).status === 'ACTIVE';
    expect(isActive).toBe(last('subscribe-success') > last('unsubscribe'));
  }), { numRuns: 500 });
});
