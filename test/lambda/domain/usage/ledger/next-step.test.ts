import Big from 'big.js';
import { MeteredLicense } from '../../../../../lambda/domain/subscription-directory';
import { Amounts, tagSetOf, UNTAGGED } from '../../../../../lambda/domain/usage/ledger/amounts';
import { BucketMeta, BucketState, Content, OutLine } from '../../../../../lambda/domain/usage/ledger/ledger';
import { BucketView, waitWhileOpen, nextStep } from '../../../../../lambda/domain/usage/ledger/next-step';
import { MeteringRules } from '../../../../../lambda/domain/usage/ledger/rules';

const HOUR = '2026-11-23T05';
const CLOSED = Date.parse('2026-11-23T06:10:00Z');
const TOO_OLD = Date.parse('2026-11-24T04:00:00Z');
const DAYS_31 = Date.parse('2026-11-23T05:00:00Z') + 31 * 24 * 3_600_000;
const RULES: MeteringRules = { closeGrace: 600_000, finalUsageGrace: 600_000, lateUsage: 'CARRY_FORWARD', reportZeroUsage: true };
const REJECT: MeteringRules = { ...RULES, lateUsage: 'REJECT' };
const ACTIVE: MeteredLicense = { licenseId: 'l-1', licenseArn: 'arn', customerAwsAccountId: '111122223333', status: 'ACTIVE' };
const PENDING: MeteredLicense = { ...ACTIVE, status: 'PENDING' };
/** The final window is open until 07:00, and that hour can take nothing any more. */
const ENDING: MeteredLicense = {
  ...ACTIVE, status: 'ENDING', endedAt: Date.parse('2026-11-23T05:50:00Z'), finalWindowClosesAt: Date.parse('2026-11-23T07:00:00Z'),
};
const ENDED: MeteredLicense = { ...ENDING, status: 'ENDED' };
const RED = tagSetOf({ color: 'red' });

function meta(state: BucketState, change: Partial<BucketMeta> = {}): BucketMeta {
  return { bucket: { licenseId: 'l-1', dimension: 'ApiCalls', hour: HOUR }, state, revision: 1, recordsRevision: 1, ...change };
}
function frozen(quantity: number, change: Partial<BucketMeta> = {}): BucketMeta {
  return meta('FROZEN', { frozen: { quantity }, ...change });
}
function content(amount: Amounts | number | string, change: Partial<Content> = {}): Content {
  const whole = amount instanceof Amounts ? amount : Amounts.of(amount);
  return { amount: whole, decided: [], records: whole.total(), lateRecords: new Big(0), oldest: HOUR, ...change };
}
function view(bucket: BucketMeta, usage: Content = content(5), out: readonly OutLine[] = [], isOverage?: boolean): BucketView {
  return { meta: bucket, lines: { out, content: usage }, isOverage };
}
function moved(amount: number, change: Partial<OutLine> = {}): OutLine {
  return { n: 0, amount: Amounts.of(amount), oldest: HOUR, to: '2026-11-23T06', done: true, ...change };
}

describe('a frozen bucket', () => {
  const step = (bucket: BucketMeta, license: MeteredLicense | undefined = ACTIVE, now = CLOSED) => nextStep({ meta: bucket }, license, now, RULES);

  test('a frozen bucket is sent, also while the license ends', () => {
    expect([step(frozen(5)), step(frozen(5), ENDING)]).toEqual([{ kind: 'SEND' }, { kind: 'SEND' }]);
  });

  test.each([
    ['UnknownLicense', undefined],
    ['NotActive', PENDING],
    ['NoLicenseArn', { ...ACTIVE, licenseArn: undefined }],
    ['NoCustomerAccount', { ...ACTIVE, customerAwsAccountId: undefined }],
  ] as [string, MeteredLicense | undefined][])('waits, with the reason %s, for what a call needs', (reason, license) => {
    expect(nextStep({ meta: frozen(5) }, license, CLOSED, RULES)).toEqual({ kind: 'WAIT', reason });
  });

  test('of a legacy product needs the buyer alone', () => {
    expect(step(frozen(5), { ...ACTIVE, licenseArn: undefined, customerAwsAccountId: undefined, customerIdentifier: 'c' })).toEqual({ kind: 'SEND' });
  });

  test('a frozen bucket that can no longer be sent is refused if it certainly was not, and left to a person if it may have been', () => {
    expect(step(frozen(5), ACTIVE, TOO_OLD)).toEqual({ kind: 'REFUSE', reason: 'HourTooOld' });
    expect(step(frozen(5, { intent: 't' }), ACTIVE, TOO_OLD)).toEqual({ kind: 'UNRESOLVE', reason: 'HourTooOld' });
    expect(step(frozen(0, { intent: 't' }), ACTIVE, TOO_OLD)).toEqual({ kind: 'REFUSE_ZERO', reason: 'HourTooOld' });
    expect(step(frozen(5), ENDED)).toEqual({ kind: 'REFUSE', reason: 'LicenseEnded' });
    expect(step(frozen(5, { intent: 't', reason: 'CustomerNotSubscribed' }), ENDED)).toEqual({ kind: 'UNRESOLVE', reason: 'CustomerNotSubscribed' });
    // the end of the license says more than the age
    expect(step(frozen(5), ENDED, TOO_OLD)).toEqual({ kind: 'REFUSE', reason: 'LicenseEnded' });
  });
});

test('lines of a bucket that is not frozen have to be read', () => {
  expect(() => nextStep({ meta: meta('OPEN') }, ACTIVE, CLOSED, RULES)).toThrow('have to be read');
});

test('a line that is not done is finished before anything else', () => {
  const line = moved(1, { n: 1, done: false });
  expect(nextStep(view(meta('REFUSED'), content(5), [moved(1), line]), ACTIVE, CLOSED, RULES)).toEqual({ kind: 'FINISH', line });
  expect(nextStep(view(meta('OPEN'), content(5), [line]), PENDING, CLOSED, RULES)).toEqual({ kind: 'FINISH', line });
});

describe('an open bucket', () => {
  test.each([
    ['NotClosed', ACTIVE, CLOSED - 1],
    ['NotClosed', PENDING, CLOSED - 1],
    ['NotClosed', undefined, CLOSED - 1],
    ['UnknownLicense', undefined, CLOSED],
    ['UnknownLicense', undefined, DAYS_31 - 1],
    ['NotActive', PENDING, CLOSED],
    ['NotActive', PENDING, TOO_OLD],
    ['NotActive', PENDING, DAYS_31 - 1],
    ['NoLicenseArn', { ...ACTIVE, licenseArn: undefined }, CLOSED],
    ['NoCustomerAccount', { ...ACTIVE, customerAwsAccountId: undefined }, CLOSED],
  ] as [string, MeteredLicense | undefined, number][])('waits, with the reason %s: %#', (reason, license, now) => {
    expect(waitWhileOpen(meta('OPEN'), license, now, RULES)).toBe(reason);
    expect(nextStep(view(meta('OPEN')), license, now, RULES)).toEqual({ kind: 'WAIT', reason });
  });

  test('an open bucket is given up when nothing of it can be billed in its hour', () => {
    const usage = content(7, { records: new Big(5), lateRecords: new Big(2) });
    const step = (license: MeteredLicense | undefined, now: number) => nextStep(view(meta('OPEN'), usage), license, now, RULES);
    expect(step(PENDING, DAYS_31)).toEqual({ kind: 'REFUSE', reason: 'NeverActivated', onTimeUnits: '5' });
    expect(step(undefined, DAYS_31)).toEqual({ kind: 'REFUSE', reason: 'NeverActivated', onTimeUnits: '5' });
    expect(step(ENDED, CLOSED)).toEqual({ kind: 'REFUSE', reason: 'LicenseEnded', onTimeUnits: '5' });
    expect(step(ENDED, Date.parse('2026-11-23T05:55:00Z'))).toMatchObject({ kind: 'REFUSE', reason: 'LicenseEnded' });
    expect(step({ ...ACTIVE, licenseArn: undefined }, TOO_OLD)).toEqual({ kind: 'REFUSE', reason: 'HourTooOld', onTimeUnits: '3' });
    expect(step(ACTIVE, DAYS_31)).toEqual({ kind: 'REFUSE', reason: 'HourTooOld', onTimeUnits: '3' });
  });

  test('an open bucket is frozen with its whole units, and with what its records reported in time', () => {
    expect(nextStep(view(meta('OPEN'), content('7.5', { records: new Big(5) })), ACTIVE, CLOSED, RULES))
      .toEqual({ kind: 'FREEZE', frozen: { quantity: 7 }, onTimeUnits: '5' });
  });

  test('without a whole unit is frozen at 0 only for an active license, of which zero usage is reported', () => {
    const nothing = { kind: 'REFUSE', reason: 'NothingToSend', onTimeUnits: '0.5' };
    const step = (license: MeteredLicense, rules: MeteringRules) => nextStep(view(meta('OPEN'), content('0.5')), license, CLOSED, rules);
    expect(step(ACTIVE, RULES)).toEqual({ kind: 'FREEZE', frozen: { quantity: 0 }, onTimeUnits: '0.5' });
    expect(step(ACTIVE, { ...RULES, reportZeroUsage: false })).toEqual(nothing);
    expect(step(ENDING, RULES)).toEqual(nothing);
  });

  test('of an overage draws before it is frozen or given up for its age, and only while some usage is undecided', () => {
    const decided = [{ units: new Big(5), covered: new Big(2) }];
    const step = (usage: Content, now: number, license = ACTIVE) => nextStep(view(meta('OPEN'), usage, [], true), license, now, RULES).kind;
    expect([step(content(5), CLOSED), step(content(5), TOO_OLD), step(content(5), CLOSED, ENDED)]).toEqual(['DRAW', 'DRAW', 'REFUSE']);
    expect(step(content(3, { records: new Big(5), decided }), CLOSED)).toBe('FREEZE');
    expect(nextStep(view(meta('OPEN'), content(5), [], false), ACTIVE, CLOSED, RULES).kind).toBe('FREEZE');
  });
});

describe('a bucket whose outcome is known', () => {
  const billed = (quantity: number, change: Partial<BucketMeta> = {}) => meta('BILLED', { frozen: { quantity }, onTimeUnits: String(quantity), ...change });

  test('a bucket whose outcome is known is done when nothing is left, and read again when its reads do not belong together', () => {
    expect(nextStep(view(billed(5), content(5)), ACTIVE, CLOSED, RULES)).toEqual({ kind: 'CLEAR' });
    expect(nextStep(view(billed(5), content('4.5')), ACTIVE, CLOSED, RULES)).toEqual({ kind: 'STALE_READ' });
    expect(nextStep(view(billed(5), content(7), [moved(2)]), ACTIVE, CLOSED, RULES)).toEqual({ kind: 'CLEAR' });
  });

  test('of an overage draws before what is left moves', () => {
    expect(nextStep(view(billed(5), content(7), [], true), ACTIVE, CLOSED, RULES)).toEqual({ kind: 'DRAW' });
  });

  test('carries what is left to an open hour, with the next number and the oldest hour', () => {
    expect(nextStep(view(billed(5), content(9, { oldest: '2026-11-22T01' }), [moved(1)]), ACTIVE, CLOSED, RULES)).toEqual({
      kind: 'APPEND', line: { n: 1, amount: expect.objectContaining({}), oldest: '2026-11-22T01', done: false, to: '2026-11-23T06' },
    });
    const step = nextStep(view(billed(5), content(9), [moved(1)]), ACTIVE, CLOSED, RULES);
    expect(step.kind === 'APPEND' && step.line.amount.total().toNumber()).toBe(3);
  });

  test('carries tags that make no difference to the total, and gives them up only when no hour is open', () => {
    const usage = content(Amounts.of(1, RED).plus(Amounts.of(-1)).plus(Amounts.of(5)));
    const bucket = billed(5, { frozen: { quantity: 5, allocations: { [UNTAGGED]: 5 } } });
    expect(nextStep(view(bucket, usage), ACTIVE, CLOSED, RULES)).toMatchObject({ kind: 'APPEND', line: { to: '2026-11-23T06' } });
    expect(nextStep(view(bucket, usage), ENDED, CLOSED, RULES)).toEqual({ kind: 'CLEAR' });
  });

  test.each([[100_000, false], [100_001, true]])('carries tags of %d bytes without them: %s', (bytes, dropped) => {
    const set = tagSetOf({ a: 'x'.repeat(bytes - 80 - '[["a",""]]'.length) });
    const step = nextStep(view(meta('REFUSED'), content(Amounts.of(3, set))), ACTIVE, CLOSED, RULES);
    expect(step.kind === 'APPEND' && [step.line.tagsDropped, step.line.amount.hasTags(), step.line.amount.total().toNumber()])
      .toEqual([dropped ? true : undefined, !dropped, 3]);
  });

  test('rejects what came late when late usage is rejected, less what it has rejected, and carries the rest', () => {
    const reasons = (late: number, records: number, out: OutLine[] = [], change: Partial<BucketMeta> = {}) => {
      const step = nextStep(view(billed(5, change), content(records, { lateRecords: new Big(late) }), out), ACTIVE, CLOSED, REJECT);
      return step.kind === 'APPEND' ? [step.line.reason ?? step.line.to, step.line.amount.total().toNumber()] : step.kind;
    };
    expect(reasons(2, 8)).toEqual(['LateUsage', 2]);
    expect(reasons(3, 8)).toEqual(['LateUsage', 3]);
    // sent in time, stored after the freeze
    expect(reasons(0, 8)).toEqual(['2026-11-23T06', 3]);
    // some of what came late was part of the quantity
    expect(reasons(6, 8)).toEqual(['LateUsage', 3]);
    expect(reasons(2, 8, [moved(2, { to: undefined, reason: 'LateUsage' })])).toEqual(['2026-11-23T06', 1]);
    expect(reasons(2, 8, [moved(1)])).toEqual(['LateUsage', 2]);
    expect(reasons(3, 8, [moved(1)])).toEqual(['LateUsage', 2]);
    expect(reasons(5, 5, [], { frozen: { quantity: 0 }, onTimeUnits: undefined })).toEqual(['LateUsage', 5]);
  });

  test('carries what came late when late usage is carried', () => {
    const step = nextStep(view(billed(5), content(8, { lateRecords: new Big(3) })), ACTIVE, CLOSED, RULES);
    expect(step).toMatchObject({ kind: 'APPEND', line: { to: '2026-11-23T06' } });
  });

  test('says that a rejection for lateness has lost its tags', () => {
    const usage = content(Amounts.of(5).plus(Amounts.of(2, RED)), { lateRecords: new Big(2) });
    const step = nextStep(view(billed(5, { frozen: { quantity: 5, allocations: { [UNTAGGED]: 5 } } }), usage), ACTIVE, CLOSED, REJECT);
    expect(step.kind === 'APPEND' && [step.line.reason, step.line.tagsDropped, step.line.amount.hasTags()]).toEqual(['LateUsage', true, false]);
    const untagged = nextStep(view(billed(5), content(7, { lateRecords: new Big(2) })), ACTIVE, CLOSED, REJECT);
    expect(untagged.kind === 'APPEND' && 'tagsDropped' in untagged.line).toBe(false);
  });

  test('does not reject as late what an entitlement covers', () => {
    // 5 units in time and 3 late ones; of these 2 are covered
    const decided = [{ units: new Big(5), covered: new Big(1) }, { units: new Big(3), covered: new Big(2) }];
    const usage = content(7, { records: new Big(8), lateRecords: new Big(3), decided });
    const step = nextStep(view(billed(4, { onTimeUnits: '5' }), usage, [], true), ACTIVE, CLOSED, REJECT);
    expect(step.kind === 'APPEND' && [step.line.reason, step.line.amount.total().toNumber()]).toEqual(['LateUsage', 1]);
    // one draw over both: what it covers covers the units in time first
    const together = content(2, { records: new Big(8), lateRecords: new Big(3), decided: [{ units: new Big(8), covered: new Big(6) }] });
    const other = nextStep(view(billed(0, { onTimeUnits: '5' }), together, [], true), ACTIVE, CLOSED, REJECT);
    expect(other.kind === 'APPEND' && [other.line.reason, other.line.amount.total().toNumber()]).toEqual(['LateUsage', 2]);
  });

  test.each([
    ['FractionOfUnit', billed(5), '5.9'],
    ['LicenseEnded', billed(5), '6'],
    ['LicenseEnded', meta('REFUSED', { reason: 'NothingToSend' }), '6'],
    ['LicenseEnded', meta('REFUSED', { reason: 'HourTooOld' }), '6'],
    ['LicenseEnded', meta('REFUSED'), '6'],
    ['CustomerNotSubscribed', meta('REFUSED', { reason: 'CustomerNotSubscribed' }), '6'],
    // what was refused before the hour was billed is not why the rest is not
    ['LicenseEnded', billed(5, { reason: 'CustomerNotSubscribed' }), '6'],
  ] as [string, BucketMeta, string][])('a bucket whose outcome is known is rejected with the reason %s when no hour is open: %#', (reason, bucket, amount) => {
    expect(nextStep(view(bucket, content(amount)), ENDED, CLOSED, RULES)).toMatchObject({ kind: 'APPEND', line: { reason, done: false } });
  });

  test('a bucket whose outcome is known is rejected as never activated after 31 days, and carried if the license is active by then', () => {
    const usage = view(meta('REFUSED', { reason: 'NeverActivated' }), content(6));
    const fate = (license: MeteredLicense | undefined, now: number) => {
      const step = nextStep(usage, license, now, RULES);
      return step.kind === 'APPEND' && (step.line.reason ?? step.line.to);
    };
    expect([fate(PENDING, DAYS_31), fate(undefined, DAYS_31)]).toEqual(['NeverActivated', 'NeverActivated']);
    expect(fate(PENDING, DAYS_31 - 1)).toBe('2026-12-24T04');
    expect(fate(ACTIVE, DAYS_31)).toBe('2026-12-24T05');
  });
});
