import { type Circumstances, judgeRecord, MAX_AGE_MS, MAX_AHEAD_MS } from '../../../../../lambda/domain/usage/intake/judge-record';
import type { SentRecord } from '../../../../../lambda/domain/usage/intake/usage-record';
import { UNTAGGED } from '../../../../../lambda/domain/usage/ledger/amounts';

const TIME = Date.parse('2026-11-23T05:30:00Z');
const SENT: SentRecord = { id: 'r-1', licenseId: 'l-1', dimension: 'ApiCalls', quantity: '2.5', time: '2026-11-23T05:30:00.000Z', tagSet: UNTAGGED };
const CIRCUMSTANCES: Circumstances = {
  dimensions: [
    { name: 'ApiCalls', kind: 'METERED', metrics: [{ name: 'requests', unitsPerQuantity: '0.001' }] },
    { name: 'StorageGb', kind: 'METERED' },
    { name: 'Seats', kind: 'ENTITLED' },
  ],
  sentAt: TIME,
  hasEnded: false,
};
const judge = (sent: Partial<SentRecord> = {}, circumstances: Partial<Circumstances> = {}) =>
  judgeRecord({ ...SENT, ...sent }, { ...CIRCUMSTANCES, ...circumstances });

describe('what is judged when a usage record arrives', () => {
  test('usage of a dimension is taken as it is, in the bucket of its own hour', () => {
    expect(judge()).toEqual({
      ok: true,
      record: {
        id: 'r-1',
        bucket: { licenseId: 'l-1', dimension: 'ApiCalls', hour: '2026-11-23T05' },
        units: { amount: '2.5' },
        quantity: '2.5',
        time: SENT.time,
        receivedAt: TIME,
      },
    });
  });

  test('usage of a metric is counted in the units of its dimension, exactly', () => {
    const judgement = judge({ dimension: undefined, metric: 'requests', quantity: '1234' });

    expect(judgement).toMatchObject({ ok: true, record: { bucket: { dimension: 'ApiCalls' }, units: { amount: '1.234' }, quantity: '1234', metric: 'requests' } });
  });

  test.each([
    ['a dimension that the product does not have', { dimension: 'apicalls' }, {}, 'UnknownDimension', 'dimension "apicalls" is none of ApiCalls, StorageGb'],
    ['a dimension that is paid for up front', { dimension: 'Seats' }, {}, 'UnknownDimension', 'dimension "Seats" is paid for up front'],
    ['a metric that no dimension has', { dimension: undefined, metric: 'clicks' }, {}, 'UnknownMetric', 'metric "clicks" is not mapped to a dimension'],
    ['more than AWS takes', { quantity: '1000000000000.1' }, {}, 'QuantityTooLarge', 'is more than 1000000000000 units of ApiCalls'],
    ['a time ahead', {}, { sentAt: TIME - MAX_AHEAD_MS - 1 }, 'TimeInFuture', 'more than 5 minutes ahead when the record was sent'],
    ['a time long past', {}, { sentAt: TIME + MAX_AGE_MS + 1 }, 'TimeTooOld', 'more than 31 days ago when the record was sent'],
    ['a license that has ended', {}, { hasEnded: true }, 'LicenseEnded', 'AWS accepts no more usage of l-1'],
  ])('%s is a reason to reject, and the message says what is wrong', (_, sent, circumstances, reason, message) => {
    expect(judge(sent, circumstances)).toEqual({ ok: false, problem: { reason, message: expect.stringContaining(message) } });
  });

  test('the limits themselves are allowed', () => {
    expect(judge({}, { sentAt: TIME - MAX_AHEAD_MS }).ok).toBe(true);
    expect(judge({}, { sentAt: TIME + MAX_AGE_MS }).ok).toBe(true);
    expect(judge({ quantity: '1000000000000' }).ok).toBe(true);
  });

  test.each([[10, ''], [11, ' and 1 more']])('of %d dimensions, the message names ten, and how many more there are', (count, more) => {
    const dimensions = Array.from({ length: count }, (_, n) => ({ name: `D${n}`, kind: 'METERED' as const }));
    const message = `dimension "other" is none of D0, D1, D2, D3, D4, D5, D6, D7, D8, D9${more}`;
    expect(judge({ dimension: 'other' }, { dimensions })).toEqual({ ok: false, problem: { reason: 'UnknownDimension', message } });
  });

  test('of dimensions that begin alike, the message names the first one of the product first, also when another one is the same but for its case', () => {
    const dimensions = ['ApiCallsTotal', 'API-Calls', 'ApiErrors'].map((name) => ({ name, kind: 'METERED' as const }));
    expect(judge({ dimension: 'apicalls' }, { dimensions })).toMatchObject({ problem: { message: 'dimension "apicalls" is none of ApiCallsTotal, API-Calls, ApiErrors' } });
  });

  test('of two dimensions, the message names that first which begins like the one that was sent, whatever its case', () => {
    const dimensions = ['Storage', 'ApiCalls'].map((name) => ({ name, kind: 'METERED' as const }));
    expect(judge({ dimension: 'API_CALLED' }, { dimensions })).toMatchObject({ problem: { message: 'dimension "API_CALLED" is none of ApiCalls, Storage' } });
  });

  test('a fault of the program is no verdict on the record', () => {
    expect(() => judge({ quantity: 'many' })).toThrow('Invalid number');
  });

  test('of many dimensions, the message names those that begin like the one that was sent', () => {
    const dimensions = Array.from({ length: 200 }, (_, n) => ({ name: `Dimension${n}`, kind: 'METERED' as const }));
    const judgement = judge({ dimension: 'dimension_19' }, { dimensions });

    expect(judgement).toMatchObject({ problem: { message: expect.stringMatching(/is none of Dimension19, Dimension19\d, .* and 190 more$/) } });
  });
});
