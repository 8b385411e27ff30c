import { MeteredLicense } from '../../../../../lambda/domain/subscription-directory';
import {
  carryTarget, finalWindowCloses, FINAL_SEND_MS, freezesAt, isPastFinalWindow, isTooOld, MeteringRules, MONTH_END_GRACE_MS, NEVER_ACTIVATED_AFTER_MS,
  SENDABLE_MS,
} from '../../../../../lambda/domain/usage/ledger/rules';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const RULES: MeteringRules = { closeGrace: 10 * MINUTE_MS, finalUsageGrace: 5 * MINUTE_MS, lateUsage: 'CARRY_FORWARD', reportZeroUsage: true };

const at = (time: string) => Date.parse(`2026-11-${time}Z`);
const written = (instant: number | undefined) => instant !== undefined && new Date(instant).toISOString();

function license(change: Partial<MeteredLicense> = {}): MeteredLicense {
  return { licenseId: 'l-1', licenseArn: 'arn', customerAwsAccountId: '111122223333', status: 'ACTIVE', ...change };
}
/** Ended at 05:20, deprovisioned half an hour later. */
const ENDING = license({ status: 'ENDING', endedAt: at('23T05:20:00'), finalWindowClosesAt: at('23T06:50:00') });

test('limits of AWS are kept an hour clear, with ten minutes for the last call of a license', () => {
  expect([SENDABLE_MS, MONTH_END_GRACE_MS, FINAL_SEND_MS, NEVER_ACTIVATED_AFTER_MS])
    .toEqual([23 * HOUR_MS, 6 * HOUR_MS, 10 * MINUTE_MS, 31 * 24 * HOUR_MS]);
});

describe('an hour is too old to be sent', () => {
  test.each([
    ['2026-11-23T05', '2026-11-24T03:59:59.999Z', false],
    ['2026-11-23T05', '2026-11-24T04:00:00.000Z', true],
    ['2026-11-30T23', '2026-12-01T05:59:59.999Z', false],
    ['2026-11-30T23', '2026-12-01T06:00:00.000Z', true],
    ['2026-12-01T00', '2026-12-01T06:00:00.000Z', false],
  ])('%s at %s: %s', (hour, now, expected) => {
    expect(isTooOld(hour, Date.parse(now))).toBe(expected);
  });
});

describe('the final window of a license', () => {
  test.each(['PENDING', 'ACTIVE'] as const)('has no close while the license is %s, whatever else is known', (status) => {
    expect(finalWindowCloses({ ...ENDING, status })).toBeUndefined();
    expect(isPastFinalWindow('2026-11-23T05', { ...ENDING, status }, at('29T00:00:00'))).toBe(false);
  });

  test.each(['ENDING', 'ENDED'] as const)('closes when AWS says, or an hour after the end, while the license is %s', (status) => {
    expect(finalWindowCloses({ ...ENDING, status })).toBe(at('23T06:50:00'));
    expect(finalWindowCloses({ ...ENDING, status, finalWindowClosesAt: undefined })).toBe(at('23T06:20:00'));
    expect(finalWindowCloses({ ...ENDING, status, finalWindowClosesAt: undefined, endedAt: undefined })).toBeUndefined();
  });

  test('the final window of a license is over from its close on, and for hours that begin then; for an ended license it is over at any time', () => {
    expect(isPastFinalWindow('2026-11-23T05', ENDING, at('23T06:49:59.999'))).toBe(false);
    expect(isPastFinalWindow('2026-11-23T05', ENDING, at('23T06:50:00'))).toBe(true);
    expect(isPastFinalWindow('2026-11-23T06', ENDING, at('23T06:00:00'))).toBe(false);
    expect(isPastFinalWindow('2026-11-23T07', ENDING, at('23T06:00:00'))).toBe(true);
    expect(isPastFinalWindow('2026-11-23T06', { ...ENDING, finalWindowClosesAt: at('23T06:00:00') }, at('23T05:30:00'))).toBe(true);
    expect(isPastFinalWindow('2026-11-23T05', license({ status: 'ENDED' }), at('23T05:00:00'))).toBe(true);
    expect(isPastFinalWindow('2026-11-23T05', undefined, at('29T05:00:00'))).toBe(false);
  });
});

describe('an hour is frozen', () => {
  test.each([
    ['10 minutes after its end', '2026-11-23T05', license(), {}, '23T06:10:00'],
    ['10 minutes after its end, for a license that nothing is known of', '2026-11-23T05', undefined, {}, '23T06:10:00'],
    ['10 minutes after its end, while nobody knows when the license ended', '2026-11-23T05', license({ status: 'ENDING', finalWindowClosesAt: 0 }), {}, '23T06:10:00'],
    ['at its end, when the license ended later', '2026-11-23T04', ENDING, {}, '23T05:00:00'],
    ['as usual, when the license ended later and late usage is rejected', '2026-11-23T04', ENDING, { lateUsage: 'REJECT' }, '23T05:10:00'],
    ['when the grace for the last usage is over, in which the license ended', '2026-11-23T05', ENDING, {}, '23T05:25:00'],
    ['10 minutes before the window closes, when the grace is longer', '2026-11-23T05', ENDING, { finalUsageGrace: 9 * HOUR_MS }, '23T06:40:00'],
    ['10 minutes before the window closes, when it begins after the end', '2026-11-23T06', ENDING, {}, '23T06:40:00'],
    ['as usual, when it begins after the end and the window is long', '2026-11-23T06', { ...ENDING, finalWindowClosesAt: at('23T12:00:00') }, {}, '23T07:10:00'],
    ['not before it begins, after the end', '2026-11-23T07', ENDING, {}, '23T07:00:00'],
    ['not before it begins, in which the license ended', '2026-11-23T05', { ...ENDING, finalWindowClosesAt: at('23T05:05:00') }, {}, '23T05:00:00'],
  ] as [string, string, MeteredLicense | undefined, Partial<MeteringRules>, string][])('%s', (_, hour, of, change, expected) => {
    expect(written(freezesAt(hour, of, { ...RULES, ...change }))).toBe(written(at(expected)));
  });
});

describe('an amount is carried', () => {
  test.each([
    ['to the running hour', '2026-11-23T03', license(), '23T05:30:00', '2026-11-23T05'],
    ['to the running hour although the hour before still takes usage', '2026-11-23T03', license(), '23T05:05:00', '2026-11-23T05'],
    ['to the hour after its own', '2026-11-23T05', license(), '23T05:30:00', '2026-11-23T06'],
    ['to a later hour than one that lies ahead', '2026-11-23T08', license(), '23T05:30:00', '2026-11-23T09'],
    ['to the hour in which the license ended, as long as that is open', '2026-11-23T03', ENDING, '23T05:24:59', '2026-11-23T05'],
    ['to the next hour, when that in which the license ended is frozen', '2026-11-23T03', ENDING, '23T05:25:00', '2026-11-23T06'],
    ['in the last ten minutes, to the hour in which the license ended', '2026-11-23T03', ENDING, '23T06:45:00', '2026-11-23T05'],
    ['in the last ten minutes, to the hour after its own', '2026-11-23T05', ENDING, '23T06:45:00', '2026-11-23T06'],
    ['nowhere, when its own is the last hour', '2026-11-23T06', ENDING, '23T06:45:00', undefined],
    ['nowhere, when the window is over', '2026-11-23T03', ENDING, '23T06:50:00', undefined],
    ['nowhere, when the license has ended', '2026-11-23T03', { ...ENDING, status: 'ENDED' }, '23T06:45:00', undefined],
    ['nowhere, when it is not known when the license ended', '2026-11-23T03', license({ status: 'ENDING', finalWindowClosesAt: at('23T05:35:00') }), '23T05:40:00', undefined],
    ['nowhere, when AWS no longer takes the hour in which the license ended', '2026-11-22T00', { ...ENDING, endedAt: at('22T05:20:00'), finalWindowClosesAt: at('23T06:50:00') }, '23T06:45:00', undefined],
  ] as [string, string, MeteredLicense, string, string | undefined][])('%s', (_, source, of, now, expected) => {
    expect(carryTarget(source, of, at(now), RULES)).toBe(expected);
  });
});
