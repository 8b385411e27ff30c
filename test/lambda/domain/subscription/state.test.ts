import type { AgreementFact } from '../../../../lambda/domain/subscription/facts';
import { licenseIdOf } from '../../../../lambda/domain/subscription/license';
import { subscriptionState } from '../../../../lambda/domain/subscription/state';
import { at, fact, factsOf } from '../../../support/facts';

const updated = fact('LICENSE_UPDATED', 1);
const successor = { agreementId: 'agmt-b' };

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
    expect(state).toMatchObject({ status: 'ACTIVE' });
    expect(state.endedAt).toBeUndefined();
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

  test('account and product of ResolveCustomer are used before those of events', () => {
    expect(subscriptionState({
      ...factsOf(fact('LICENSE_UPDATED', 1, { customerAwsAccountId: '999999999999', productCode: 'other' })),
      resolution: { firstAt: at(0), lastAt: at(0), customerAwsAccountId: '111122223333', productCode: 'product' },
    }, at(2))).toMatchObject({ customerAwsAccountId: '111122223333', productCode: 'product' });
  });
});

test('a purchase whose agreement starts later is waited for from its start on', () => {
  const later = factsOf(fact('CREATED', 1, { startTime: new Date(at(60)).toISOString() }));
  expect(subscriptionState(later, at(30))).toMatchObject({ status: 'PENDING', pendingReason: 'STARTS_LATER', statusAt: at(60) });
  expect(subscriptionState(later, at(90))).toMatchObject({ status: 'PENDING', pendingReason: 'NOT_ACTIVATED', statusAt: at(60) });
});
