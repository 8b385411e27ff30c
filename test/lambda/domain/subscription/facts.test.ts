import {
  type AgreementFact, awaitsMigration, EMPTY_FACTS, factKey, mergeFacts, type Resolution, type SubscriptionFacts,
} from '../../../../lambda/domain/subscription/facts';
import { notificationFacts } from '../../../../lambda/domain/subscription/notification-facts';
import { at, fact } from '../../../support/facts';
import { notified } from '../../../support/notifications';

/** Both orders, which have to give the same. */
function merged(a: Partial<SubscriptionFacts>, b: Partial<SubscriptionFacts>): SubscriptionFacts {
  const [one, other] = [{ ...EMPTY_FACTS, ...a }, { ...EMPTY_FACTS, ...b }];
  const facts = mergeFacts(one, other);
  expect(facts).toStrictEqual(mergeFacts(other, one));
  return facts;
}

describe('The key of a fact, under which it is stored', () => {
  test.each<[string, AgreementFact, string]>([
    ['a purchase', fact('CREATED', 1), 'agmt-a#CREATED#2026-11-23T00:01:00.000Z'],
    ['a purchase, whatever its status', fact('CREATED', 1, { status: 'ACTIVE' }), 'agmt-a#CREATED#2026-11-23T00:01:00.000Z'],
    ['an end, by its status', fact('ENDED', 1, { status: 'RENEWED' }), 'agmt-a#ENDED:RENEWED#2026-11-23T00:01:00.000Z'],
    ['an end without a status', fact('ENDED', 1), 'agmt-a#ENDED:#2026-11-23T00:01:00.000Z'],
    ['a notice, by what it is about and its request', fact('NOTICE', 1, { notice: 'RENEWAL_UPCOMING', requestId: 'request-1' }),
      'agmt-a#NOTICE:RENEWAL_UPCOMING#request-1'],
    ['a notice without a subject', fact('NOTICE', 1), 'agmt-a#NOTICE:#2026-11-23T00:01:00.000Z'],
    ['an amendment, by its request', fact('AMENDED', 1, { requestId: 'request-1' }), 'agmt-a#AMENDED#request-1'],
  ])('the key of %s stays what it is', (_, of, key) => {
    expect(factKey(of)).toBe(key);
  });
});

describe('What is known of a license from two sources', () => {
  test('notifications that only one of them has are kept, and those of both are merged', () => {
    const [begun, ended] = [notificationFacts(notified('subscribe-success', 1)), notificationFacts(notified('unsubscribe-pending', 2))];
    expect(merged({ notifications: begun }, {}).notifications).toStrictEqual(begun);
    expect(merged({ notifications: begun }, { notifications: ended }).notifications).toEqual({ ...begun, ...ended });
  });

  test('a license that one of them knows to wait for the migration of its buyer waits', () => {
    expect(merged({ awaited: true }, {}).awaited).toBe(true);
    expect(merged({ awaited: true }, { awaited: true }).awaited).toBe(true);
    expect(awaitsMigration(merged({ awaited: true }, {}))).toBe(true);
  });

  test('what neither of them knows is absent', () => {
    expect(merged({}, {})).toStrictEqual({ agreements: {}, registrations: {} });
  });
});

describe('Two answers of ResolveCustomer about one license', () => {
  const early: Resolution = { firstAt: at(3), lastAt: at(4), customerAwsAccountId: '444455556666', productCode: 'old-product' };
  const late: Resolution = { firstAt: at(5), lastAt: at(6), customerAwsAccountId: '111122223333', productCode: 'new-product' };
  const resolution = (a: Partial<Resolution>, b: Partial<Resolution> = {}) =>
    merged({ resolution: { ...early, ...a } }, { resolution: { ...late, ...b } }).resolution;

  test('the account and the product of the latest answer count, from the first answer on', () => {
    expect(resolution({})).toStrictEqual({ firstAt: at(3), lastAt: at(6), customerAwsAccountId: '111122223333', productCode: 'new-product' });
  });

  test('the only answer is kept as it is', () => {
    expect(merged({ resolution: early }, {}).resolution).toStrictEqual(early);
  });

  test('of two answers of one instant the same one counts, in whatever order they are merged', () => {
    expect(resolution({ lastAt: at(6) })).toMatchObject({ customerAwsAccountId: '444455556666', productCode: 'old-product' });
    expect(resolution({ lastAt: at(6), customerAwsAccountId: '111122223333' })).toMatchObject({ productCode: 'old-product' });
  });

  test('the later answer counts also where its time has more digits', () => {
    expect(resolution({ firstAt: 1, lastAt: 999 }, { firstAt: 1, lastAt: 1000 })).toMatchObject({ lastAt: 1000, productCode: 'new-product' });
  });

  test.each(['licenseArn', 'customerIdentifier'] as const)('the %s that only one answer has is kept, and of two the same one', (field) => {
    expect(resolution({ [field]: 'a' })).toHaveProperty(field, 'a');
    expect(resolution({}, { [field]: 'a' })).toHaveProperty(field, 'a');
    expect(resolution({ [field]: 'a' }, { [field]: 'b' })).toHaveProperty(field, 'b');
    expect(resolution({ [field]: 'b' }, { [field]: 'a' })).toHaveProperty(field, 'b');
    expect(resolution({})).not.toHaveProperty(field);
  });

  test('a hint at a free trial stays, whichever answer came with it', () => {
    expect(resolution({ freeTrialHint: true })).toHaveProperty('freeTrialHint', true);
    expect(resolution({}, { freeTrialHint: true })).toHaveProperty('freeTrialHint', true);
    expect(resolution({})).not.toHaveProperty('freeTrialHint');
  });
});
