import {
  amountRejectedEvent, recordRejectedEvent, rejectedRecord, RejectionReason, unresolvedEvent,
} from '../../../../../lambda/domain/usage/intake/rejection';
import { Amounts } from '../../../../../lambda/domain/usage/ledger/amounts';
import { BucketMeta } from '../../../../../lambda/domain/usage/ledger/ledger';

const NOW = Date.parse('2026-11-23T06:10:00Z');
const BUCKET = { licenseId: 'l-1', dimension: 'ApiCalls', hour: '2026-11-23T05' };
const PROBLEM = { reason: RejectionReason.MISSING_TIME, message: 'time is missing' };

describe('a rejected record', () => {
  test('a rejected record has one key for one original and reason, which begins with its id if that could be read', () => {
    const [first, again] = [rejectedRecord({ id: 'a' }, PROBLEM, NOW, { id: 'a' }), rejectedRecord({ id: 'a' }, PROBLEM, NOW + 1, { id: 'a' })];
    expect(first.key).toMatch(/^a#[0-9a-f]{32}$/);
    expect(again.key).toBe(first.key);
    expect(rejectedRecord({ id: 'a' }, { ...PROBLEM, reason: RejectionReason.INVALID_TIME }, NOW, { id: 'a' }).key).not.toBe(first.key);
    expect(rejectedRecord({ id: 'b' }, PROBLEM, NOW, { id: 'a' }).key).not.toBe(first.key);
    expect(rejectedRecord('{', PROBLEM, NOW, {}).key).toMatch(/^unknown#[0-9a-f]{32}$/);
  });

  test('a rejected record that is a text is stored as it came, except for half characters, which a table refuses', () => {
    expect(rejectedRecord('{"id":', PROBLEM, NOW, {}).original).toBe('{"id":');
    expect(rejectedRecord('a\ud83d', PROBLEM, NOW, {}).original).toBe('a\ufffd');
    expect(rejectedRecord({ id: 'a\ud83d' }, PROBLEM, NOW, {}).original).toBe('{"id":"a\\ud83d"}');
  });

  test('a rejected record is announced with what could be read of it', () => {
    const known = rejectedRecord({ id: 'a' }, PROBLEM, NOW, { id: 'a', licenseId: 'l-1' });
    expect(recordRejectedEvent(known, 'p')).toEqual({
      detailType: 'Usage Rejected',
      time: '2026-11-23T06:10:00.000Z',
      detail: {
        version: '1', eventId: `usage-rejected:l-1:${known.key}`, productCode: 'p', licenseId: 'l-1', recordId: 'a', ...PROBLEM, retryable: true,
      },
    });
    expect(recordRejectedEvent(rejectedRecord('{', PROBLEM, NOW, {}), 'p').detail.eventId).toMatch(/^usage-rejected:unknown:unknown#/);
  });

  test('a rejected record is stored to a depth of 20 where it is nested too deep for JSON', () => {
    let deep: unknown = 'x';
    for (let depth = 0; depth < 20_000; depth += 1) deep = [deep];
    const { original } = rejectedRecord(deep, PROBLEM, NOW, {});
    expect([original.split('[').length - 2, original.includes('[Array]')]).toEqual([21, true]);
    expect(rejectedRecord(undefined, PROBLEM, NOW, {}).original).toBe('undefined');
  });
});

test('an accepted amount that will not be billed is announced with its units, and cannot be sent again', () => {
  const line = { n: 2, amount: Amounts.of('2.5'), oldest: BUCKET.hour, reason: 'LicenseEnded', done: false };
  expect(amountRejectedEvent(BUCKET, line, 'p', NOW).detail).toEqual({
    version: '1',
    eventId: 'usage-rejected:l-1#ApiCalls#2026-11-23T05:2',
    productCode: 'p',
    licenseId: 'l-1',
    dimension: 'ApiCalls',
    hour: '2026-11-23T05:00:00.000Z',
    quantity: '2.5',
    reason: 'LicenseEnded',
    message: '2.5 units of ApiCalls will not be billed',
    retryable: false,
  });
});

test('an accepted amount that will not be billed, of a line without a reason, is announced with an unknown one', () => {
  const line = { n: 0, amount: Amounts.of('1'), oldest: BUCKET.hour, done: false };
  expect(amountRejectedEvent(BUCKET, line, 'p', NOW).detail.reason).toBe('Unknown');
});

test.each([[{ quantity: 7 }, '7'], [undefined, '0']])('an unresolved hour is announced with the quantity that was sent: %j', (frozen, quantity) => {
  const meta = { bucket: BUCKET, state: 'UNRESOLVED', revision: 1, recordsRevision: 1, frozen } as BucketMeta;
  expect(unresolvedEvent(meta, 'HourTooOld', 'p', NOW)).toStrictEqual({
    detailType: 'Usage Unresolved',
    time: '2026-11-23T06:10:00.000Z',
    detail: {
      version: '1',
      eventId: 'usage-unresolved:l-1#ApiCalls#2026-11-23T05',
      productCode: 'p',
      licenseId: 'l-1',
      dimension: 'ApiCalls',
      hour: '2026-11-23T05:00:00.000Z',
      quantity,
      reason: 'HourTooOld',
    },
  });
});
