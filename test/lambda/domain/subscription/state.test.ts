import { type AgreementFact, EMPTY_FACTS, factKey, type SubscriptionFacts } from '../../../../lambda/domain/subscription/facts';
import { licenseIdOf } from '../../../../lambda/domain/subscription/license';
import { subscriptionState, tenuresOf } from '../../../../lambda/domain/subscription/state';
import { ARN, at, fact, factsOf } from '../../../support/facts';

const updated = fact('LICENSE_UPDATED', 1);
const successor = { agreementId: 'agmt-b' };
const resolved = { firstAt: at(3), lastAt: at(3), customerAwsAccountId: '111122223333', productCode: 'product' };
const iso = (minutes: number) => new Date(at(minutes)).toISOString();

/** As a table may return them: in any order. */
const inThisOrder = (...facts: readonly AgreementFact[]): SubscriptionFacts =>
  ({ ...EMPTY_FACTS, agreements: Object.fromEntries(facts.map((one) => [factKey(one), one])) });

describe('status', () => {
  test('a subscription is pending until a license event', () => {
    expect(subscriptionState(factsOf(fact('CREATED', 0, { intent: 'NEW' })), at(5))).toMatchObject({ status: 'PENDING', statusAt: at(0) });
  });

  test('a subscription is active since the first License Updated', () => {
    expect(subscriptionState(factsOf(fact('LICENSE_UPDATED', 9), updated), at(10))).toMatchObject({ status: 'ACTIVE', activeSince: at(1), statusAt: at(1) });
  });

  test.each(['CANCELLED', 'EXPIRED', 'TERMINATED'])('an agreement that ended as %s puts the subscription into its final hour', (status) => {
    const state = subscriptionState(factsOf(updated, fact('ENDED', 10, { status })), at(10));
    expect(state).toMatchObject({ status: 'ENDING', endedAt: at(10), finalWindowClosesAt: at(70), statusAt: at(70), endStatus: status });
  });

  test.each(['RENEWED', 'REPLACED'])('an agreement that ended as %s leaves the subscription active', (status) => {
    const state = subscriptionState(factsOf(updated, fact('ENDED', 10, { status })), at(500));
    expect(state).toStrictEqual({ status: 'ACTIVE', statusAt: at(1), agreementId: 'agmt-a', agreementIds: ['agmt-a'], activeSince: at(1), registrationIds: [] });
  });

  test('an agreement that ended without a status ends the subscription', () => {
    expect(subscriptionState(factsOf(updated, fact('ENDED', 10)), at(11))).toStrictEqual({
      status: 'ENDING', statusAt: at(70), agreementId: 'agmt-a', agreementIds: ['agmt-a'], activeSince: at(1), endedAt: at(10), finalWindowClosesAt: at(70), registrationIds: [],
    });
  });

  test('a subscription of which only the end of the license is known has ended', () => {
    expect(subscriptionState(factsOf(fact('LICENSE_DEPROVISIONED', 12)), at(13))).toStrictEqual({
      status: 'ENDING', statusAt: at(72), agreementId: 'agmt-a', agreementIds: ['agmt-a'], endedAt: at(12), finalWindowClosesAt: at(72), registrationIds: [],
    });
  });

  test('of several ends the last one that ends the subscription gives the status of the end', () => {
    const ended = (minutes: number, status: string) => fact('ENDED', minutes, { status });
    const endStatus = (...ends: readonly AgreementFact[]) => subscriptionState(inThisOrder(updated, ...ends), at(20)).endStatus;
    expect(endStatus(ended(10, 'CANCELLED'), ended(11, 'RENEWED'))).toBe('CANCELLED');
    expect(endStatus(ended(12, 'TERMINATED'), ended(10, 'CANCELLED'))).toBe('TERMINATED');
  });

  test('a deprovisioned license ends with its final hour, although its agreement was renewed', () => {
    const state = subscriptionState(factsOf(updated, fact('ENDED', 10, { status: 'RENEWED' }), fact('LICENSE_DEPROVISIONED', 12)), at(13));
    expect(state).toMatchObject({ status: 'ENDING', endedAt: at(12), finalWindowClosesAt: at(72), endStatus: 'RENEWED' });
  });

  test('the final hour runs from Deprovisioned once that is known, the end from the earlier event', () => {
    const ended = fact('ENDED', 10, { status: 'CANCELLED' });
    expect(subscriptionState(factsOf(updated, ended, fact('LICENSE_DEPROVISIONED', 11)), at(70)))
      .toMatchObject({ status: 'ENDING', endedAt: at(10), finalWindowClosesAt: at(71) });
    expect(subscriptionState(factsOf(updated, ended, fact('LICENSE_DEPROVISIONED', 9)), at(69)))
      .toMatchObject({ status: 'ENDED', endedAt: at(9), finalWindowClosesAt: at(69) });
  });

  test('a late License Updated does not reactivate an ended agreement', () => {
    expect(subscriptionState(factsOf(updated, fact('ENDED', 10, { status: 'CANCELLED' }), fact('LICENSE_UPDATED', 11)), at(12)).status).toBe('ENDING');
  });
});

describe('a license that outlives its agreement', () => {
  const renewal = [
    updated,
    fact('ENDED', 10, { status: 'RENEWED' }),
    fact('CREATED', 10, { ...successor, intent: 'RENEW', previousAgreementId: 'agmt-a' }),
    fact('LICENSE_UPDATED', 11, successor),
  ];

  test('a license that outlives its agreement stays active under the successor', () => {
    expect(subscriptionState(factsOf(...renewal), at(200))).toMatchObject({ status: 'ACTIVE', agreementId: 'agmt-b', activeSince: at(1) });
  });

  test.each([
    ['before the successor got it', 10.5],
    ['after the successor got it', 12],
  ])('a license that outlives its agreement stays active when it is deprovisioned for the old agreement %s', (_, minutes) => {
    expect(subscriptionState(factsOf(...renewal, fact('LICENSE_DEPROVISIONED', minutes)), at(200)).status).toBe('ACTIVE');
  });

  test('a license stays active when the old agreement expired before the successor got it', () => {
    expect(subscriptionState(factsOf(updated, fact('ENDED', 10, { status: 'EXPIRED' }), fact('LICENSE_UPDATED', 30, successor)), at(200)).status).toBe('ACTIVE');
  });

  test('a license ends with its last agreement, even without any event about the end of the earlier one', () => {
    const ended = [fact('ENDED', 100, { ...successor, status: 'CANCELLED' }), fact('LICENSE_DEPROVISIONED', 101, successor)];
    expect(subscriptionState(factsOf(...renewal, ...ended), at(102))).toMatchObject({ status: 'ENDING', endedAt: at(100), finalWindowClosesAt: at(161) });
    expect(subscriptionState(factsOf(updated, fact('LICENSE_UPDATED', 11, successor), ...ended), at(161)).status).toBe('ENDED');
  });

  test('the end of an earlier agreement does not end a license, even when it is the only event about it', () => {
    const heard = [fact('LICENSE_UPDATED', 11, successor), fact('LICENSE_DEPROVISIONED', 12)];
    const link = fact('CREATED', 10, { ...successor, intent: 'RENEW', previousAgreementId: 'agmt-a' });
    expect(subscriptionState(factsOf(...heard, link), at(200)).status).toBe('ACTIVE');
    expect(subscriptionState(factsOf(...heard, fact('ENDED', 10, { status: 'RENEWED' })), at(200)).status).toBe('ACTIVE');
  });
});

describe('a license that succeeds another one', () => {
  const created = (intent: string, more = {}) => fact('CREATED', 0, { intent, ...more });
  const continuation = (...facts: readonly AgreementFact[]) => subscriptionState(factsOf(...facts), at(200)).isRenewal;

  test.each(['RENEW', 'REPLACE'])('a renewal (%s) is recognised by the previous agreement, or by the intent alone', (intent) => {
    expect(continuation(created(intent, { previousAgreementId: 'agmt-before' }), updated)).toBe(true);
    expect(continuation(created(intent), updated)).toBe(true);
    expect(continuation(updated, created(intent))).toBe(true);
  });

  test('a license that a buyer bought is no renewal', () => {
    expect(continuation(created('NEW'), updated)).toBeUndefined();
    expect(continuation(updated)).toBeUndefined();
  });

  test('a license that the successor agreement keeps is no renewal', () => {
    const renewed = [created('NEW'), updated, fact('LICENSE_UPDATED', 11, successor)];
    expect(continuation(...renewed, fact('CREATED', 10, { ...successor, intent: 'RENEW', previousAgreementId: 'agmt-a' }))).toBeUndefined();
    expect(continuation(...renewed, fact('CREATED', 10, { ...successor, intent: 'RENEW' }))).toBeUndefined();
    expect(continuation(
      fact('CREATED', 10, { ...successor, intent: 'RENEW', previousAgreementId: 'agmt-a' }), fact('LICENSE_UPDATED', 11, successor), fact('LICENSE_DEPROVISIONED', 12),
    )).toBeUndefined();
  });

  test('the first agreement of a license decides whether it is a renewal, however late its License Updated is', () => {
    const second = [fact('CREATED', 10, { ...successor, intent: 'RENEW', previousAgreementId: 'agmt-a' }), fact('LICENSE_UPDATED', 11, successor)];
    const third = { agreementId: 'agmt-c' };
    const late = fact('LICENSE_UPDATED', 30);
    expect(continuation(created('RENEW'), ...second, late)).toBe(true);
    expect(continuation(created('NEW'), ...second, late)).toBeUndefined();
    expect(continuation(
      created('NEW'), ...second, late, fact('CREATED', 20, { ...third, intent: 'RENEW', previousAgreementId: 'agmt-b' }), fact('LICENSE_UPDATED', 21, third),
    )).toBeUndefined();
  });

  test('a license that a buyer bought stays one through renewals of which only the intent is known', () => {
    const third = { agreementId: 'agmt-c' };
    const intentOnly = fact('CREATED', 10, { ...successor, intent: 'RENEW' });
    const bought = [created('NEW'), updated, intentOnly];
    expect(continuation(
      ...bought, fact('LICENSE_UPDATED', 11, successor),
      fact('CREATED', 20, { ...third, intent: 'RENEW', previousAgreementId: 'agmt-b' }), fact('LICENSE_UPDATED', 21, third),
    )).toBeUndefined();
    expect(continuation(...bought, fact('LICENSE_DEPROVISIONED', 20, successor), fact('ENDED', 20, { ...successor, status: 'RENEWED' }))).toBeUndefined();
  });
});

describe('the agreements of a license', () => {
  const link = fact('CREATED', 10, { ...successor, intent: 'RENEW', previousAgreementId: 'agmt-a' });

  test.each<[string, AgreementFact[], string[]]>([
    ['in the order in which they got it', [fact('LICENSE_UPDATED', 2), fact('LICENSE_UPDATED', 1, successor)], ['agmt-b', 'agmt-a']],
    ['by their ids where they got it at one moment', [fact('LICENSE_UPDATED', 2, successor), fact('LICENSE_UPDATED', 2)], ['agmt-a', 'agmt-b']],
    ['by the earliest License Updated of each', [fact('LICENSE_UPDATED', 9, successor), fact('LICENSE_UPDATED', 5), fact('LICENSE_UPDATED', 3, successor)], ['agmt-b', 'agmt-a']],
    ['with the previous agreement before its successor, however late its own event is', [link, fact('LICENSE_UPDATED', 11, successor), fact('LICENSE_UPDATED', 30)], ['agmt-a', 'agmt-b']],
    ['by its end where only the end of one is known', [fact('LICENSE_DEPROVISIONED', 12), fact('LICENSE_UPDATED', 11, successor)], ['agmt-b', 'agmt-a']],
    [
      'with a renewed agreement first where only its end is known',
      [fact('LICENSE_UPDATED', 11, successor), fact('LICENSE_DEPROVISIONED', 12), fact('ENDED', 12, { status: 'RENEWED' })], ['agmt-a', 'agmt-b'],
    ],
    ['without agreements that never got it', [fact('CREATED', 0, { agreementId: 'agmt-c' }), fact('ENDED', 1, { agreementId: 'agmt-c' }), updated], ['agmt-a']],
    [
      'with a previous agreement last where its successor never got it',
      [link, fact('LICENSE_DEPROVISIONED', 8, successor), fact('LICENSE_UPDATED', 9)], ['agmt-b', 'agmt-a'],
    ],
  ])('the agreements of a license are listed %s', (_, facts, ids) => {
    expect(subscriptionState(inThisOrder(...facts), at(40))).toMatchObject({ agreementIds: ids, agreementId: ids.at(-1) });
    expect(subscriptionState(inThisOrder(...[...facts].reverse()), at(40))).toMatchObject({ agreementIds: ids, agreementId: ids.at(-1) });
  });

  test('of each agreement the first of repeated events counts, and the latest intent', () => {
    expect(tenuresOf(inThisOrder(
      fact('LICENSE_UPDATED', 9), updated, fact('LICENSE_DEPROVISIONED', 31), fact('LICENSE_DEPROVISIONED', 30),
      fact('ENDED', 29, { status: 'EXPIRED' }), fact('ENDED', 28, { status: 'CANCELLED' }),
      fact('CREATED', 2, { intent: 'RENEW', previousAgreementId: 'agmt-0' }), fact('CREATED', 1, { intent: 'NEW' }),
    ))).toStrictEqual([{
      agreementId: 'agmt-a', activatedAt: at(1), deprovisionedAt: at(30), endedAt: at(28), endStatus: 'EXPIRED', previousAgreementId: 'agmt-0', intent: 'RENEW',
    }]);
  });
});

describe('identity', () => {
  const arn = 'arn:aws:license-manager::294406891311:license:l-1';
  const short = 'aws:license-manager:us-east-1:294406891311:l-1';

  test.each([
    ['arn:aws:license-manager::294406891311:license:l-0123abcd', 'l-0123abcd'],
    ['aws:license-manager:us-east-1:123456789012:l-0123abcd', 'l-0123abcd'],
    ['arn:aws:license-manager::123456789012:license/lic-0123', 'lic-0123'],
    ['l-0123abcd', 'l-0123abcd'],
    ['arn:aws:license-manager::123456789012:license:li-0123', undefined],
    ['arn:aws:license-manager::123456789012:license:lc-0123', undefined],
    ['arn:aws:license-manager::123456789012:license:l-01#23', undefined],
    ['arn:aws:license-manager::123456789012:license:l-', undefined],
  ])('the id of %s is %s', (text, id) => {
    expect(licenseIdOf(text)).toBe(id);
  });

  test('the license ARN is one that BatchMeterUsage takes, from whichever source has it', () => {
    expect(subscriptionState(factsOf(fact('LICENSE_UPDATED', 1, { licenseArn: short })), at(2)).licenseArn).toBeUndefined();
    expect(subscriptionState({
      ...factsOf(fact('LICENSE_UPDATED', 1, { licenseArn: short })),
      resolution: { firstAt: at(0), lastAt: at(0), customerAwsAccountId: '111122223333', productCode: 'product', licenseArn: arn },
    }, at(2))).toMatchObject({ licenseArn: arn, customerAwsAccountId: '111122223333', productCode: 'product' });
  });

  test('the license ARN of ResolveCustomer is used before that of an event, which is used where ResolveCustomer answered with a short form', () => {
    const facts = factsOf(fact('LICENSE_UPDATED', 1, { licenseArn: arn }));
    expect(subscriptionState(facts, at(2)).licenseArn).toBe(arn);
    expect(subscriptionState({ ...facts, resolution: { ...resolved, licenseArn: short } }, at(2)).licenseArn).toBe(arn);
    expect(subscriptionState({ ...facts, resolution: { ...resolved, licenseArn: ARN } }, at(2)).licenseArn).toBe(ARN);
  });

  test.each(['customerAwsAccountId', 'productCode'] as const)('%s is that of the latest event that has it; of one moment, the greater', (field) => {
    const facts = [fact('LICENSE_UPDATED', 5, { [field]: '5' }), fact('CREATED', 1, { [field]: '9' }), fact('AMENDED', 7)];
    const sameTime = [fact('LICENSE_UPDATED', 5, { [field]: '5' }), fact('CREATED', 5, { [field]: '7' })];
    for (const [all, expected] of [[facts, '5'], [sameTime, '7']] as const) {
      expect(subscriptionState(inThisOrder(...all), at(8))[field]).toBe(expected);
      expect(subscriptionState(inThisOrder(...[...all].reverse()), at(8))[field]).toBe(expected);
    }
  });

  test('account and product of ResolveCustomer are used before those of events', () => {
    expect(subscriptionState({
      ...factsOf(fact('LICENSE_UPDATED', 1, { customerAwsAccountId: '999999999999', productCode: 'other' })),
      resolution: { firstAt: at(0), lastAt: at(0), customerAwsAccountId: '111122223333', productCode: 'product' },
    }, at(2))).toMatchObject({ customerAwsAccountId: '111122223333', productCode: 'product' });
  });
});

describe('all that is known of a subscription', () => {
  const everything: SubscriptionFacts = {
    ...factsOf(
      fact('CREATED', 0, { intent: 'NEW', customerAwsAccountId: '111122223333' }), fact('LICENSE_UPDATED', 1, { licenseArn: ARN, productCode: 'product' }),
      fact('LICENSE_UPDATED', 2, successor), fact('ENDED', 10, { ...successor, status: 'CANCELLED' }),
    ),
    registrations: { r1: at(9), r2: at(5) },
  };
  const identity = {
    agreementId: 'agmt-b', agreementIds: ['agmt-a', 'agmt-b'], registrationIds: ['r1', 'r2'], licenseArn: ARN, customerAwsAccountId: '111122223333', productCode: 'product',
  };

  test('the state has what events and registrations say', () => {
    expect(subscriptionState(everything, at(11))).toStrictEqual({
      ...identity,
      status: 'ENDING',
      statusAt: at(70),
      activeSince: at(1),
      endedAt: at(10),
      endStatus: 'CANCELLED',
      finalWindowClosesAt: at(70),
      registeredAt: at(5),
      firstRegistrationId: 'r2',
    });
  });

  test('a license that awaits its migration is PENDING and has its identity, and nothing of what events say about its status', () => {
    expect(subscriptionState({ ...everything, awaited: true }, at(100))).toStrictEqual({
      ...identity, status: 'PENDING', statusAt: at(5), pendingReason: 'NOT_MIGRATED',
    });
  });

  test('a migrated license names its former key and the hour of its cut-over', () => {
    const migration = { migratedFrom: 'legacy-code-buyer', cutOver: at(60), recordedAt: at(30) };
    expect(subscriptionState({ ...factsOf(updated), migration }, at(40))).toMatchObject({ status: 'ACTIVE', migratedFrom: 'legacy-code-buyer', cutOver: at(60) });
  });
});

describe('a subscription that is pending', () => {
  const pending = factsOf(fact('CREATED', 2), fact('AMENDED', 1));

  test.each<[string, Partial<SubscriptionFacts>, number]>([
    ['ResolveCustomer named the license', { resolution: resolved, registrations: { r: at(4) } }, at(3)],
    ['ResolveCustomer named the license, also without a registration', { resolution: resolved }, at(3)],
    ['the buyer registered first', { registrations: { r: at(9), s: at(4) } }, at(4)],
    ['the first event', {}, at(1)],
  ])('a subscription is pending since %s', (_, more, since) => {
    expect(subscriptionState({ ...pending, ...more }, at(10))).toMatchObject({ status: 'PENDING', statusAt: since, pendingReason: 'NOT_ACTIVATED' });
  });

  test('a subscription of which nothing is known is pending', () => {
    expect(subscriptionState(EMPTY_FACTS, at(10))).toStrictEqual({ status: 'PENDING', statusAt: 0, pendingReason: 'NOT_ACTIVATED', agreementIds: [], registrationIds: [] });
  });

  test('a purchase whose agreement starts later is waited for from its start on', () => {
    const later = factsOf(fact('CREATED', 1, { startTime: iso(60) }));
    const waiting = { status: 'PENDING', statusAt: at(60), knownSince: at(1), agreementIds: [], registrationIds: [] };
    expect(subscriptionState(later, at(60) - 1)).toStrictEqual({ ...waiting, pendingReason: 'STARTS_LATER' });
    expect(subscriptionState(later, at(60))).toStrictEqual({ ...waiting, pendingReason: 'NOT_ACTIVATED' });
    expect(subscriptionState(later, at(90))).toStrictEqual({ ...waiting, pendingReason: 'NOT_ACTIVATED' });
  });

  test.each([['at once', 1], ['earlier', -60]])('a purchase whose agreement starts %s is waited for since it is known', (_, start) => {
    const state = subscriptionState(factsOf(fact('CREATED', 1, { startTime: iso(start) })), at(2));
    expect(state).toStrictEqual({ status: 'PENDING', statusAt: at(1), pendingReason: 'NOT_ACTIVATED', agreementIds: [], registrationIds: [] });
  });

  test('of several agreements the first to start is waited for, and starts of other events do not count', () => {
    const starts = factsOf(fact('CREATED', 1, { startTime: iso(90) }), fact('CREATED', 2, { ...successor, startTime: iso(60) }), fact('AMENDED', 3, { startTime: iso(30) }));
    expect(subscriptionState(starts, at(40))).toMatchObject({ statusAt: at(60), pendingReason: 'STARTS_LATER' });
    expect(subscriptionState(starts, at(70))).toMatchObject({ statusAt: at(60), pendingReason: 'NOT_ACTIVATED' });
  });

  test('a start that is no time is not known', () => {
    const unreadable = fact('CREATED', 1, { startTime: 'soon' });
    expect(subscriptionState(factsOf(unreadable), at(2))).toMatchObject({ status: 'PENDING', statusAt: at(1), pendingReason: 'NOT_ACTIVATED' });
    expect(subscriptionState(factsOf(unreadable, fact('CREATED', 2, { startTime: iso(60) })), at(3))).toMatchObject({ statusAt: at(60), pendingReason: 'STARTS_LATER' });
  });

  test('a subscription that is active or has ended has no reason to be pending', () => {
    const state = subscriptionState(factsOf(fact('CREATED', 0, { startTime: iso(60) }), updated), at(2));
    expect(state).toStrictEqual({ status: 'ACTIVE', statusAt: at(1), agreementId: 'agmt-a', agreementIds: ['agmt-a'], activeSince: at(1), registrationIds: [] });
  });
});

describe('the free trial of a subscription', () => {
  const trial = fact('TERMS', 0, { trialEndsAt: iso(600) });
  const trialOf = (now: number, ...facts: readonly AgreementFact[]) => {
    const { freeTrial, trialEndsAt } = subscriptionState(factsOf(...facts), now);
    return { freeTrial, trialEndsAt };
  };

  test('a subscription is a free trial until it becomes a paid one', () => {
    expect(trialOf(at(5), trial, updated)).toEqual({ freeTrial: true, trialEndsAt: at(600) });
    expect(trialOf(at(659), trial, updated)).toEqual({ freeTrial: true, trialEndsAt: at(600) });
    expect(trialOf(at(660), trial, updated)).toEqual({ freeTrial: false, trialEndsAt: at(600) });
  });

  test('a subscription that ended with its free trial was one to its end', () => {
    expect(trialOf(at(5000), trial, updated, fact('ENDED', 500, { status: 'CANCELLED' }))).toEqual({ freeTrial: true, trialEndsAt: at(600) });
  });

  test('a subscription whose terms have no free trial is none', () => {
    expect(trialOf(at(5), fact('TERMS', 0), updated)).toEqual({ freeTrial: false, trialEndsAt: undefined });
  });

  test('the terms of the agreement that decides count, and no other', () => {
    const renewed = [updated, fact('LICENSE_UPDATED', 9, successor)];
    expect(trialOf(at(10), trial, ...renewed)).toEqual({ freeTrial: undefined, trialEndsAt: undefined });
    expect(trialOf(at(10), trial, fact('TERMS', 9, successor), ...renewed)).toEqual({ freeTrial: false, trialEndsAt: undefined });
    expect(trialOf(at(10), fact('TERMS', 0), fact('TERMS', 9, { ...successor, trialEndsAt: iso(900) }), ...renewed)).toEqual({ freeTrial: true, trialEndsAt: at(900) });
  });

  test('whether a subscription is a free trial is not known before its terms are', () => {
    expect(trialOf(at(5), updated, fact('CREATED', 0))).toEqual({ freeTrial: undefined, trialEndsAt: undefined });
  });
});
