import { MeteredLicense, SubscriptionStatus } from '../../../../../lambda/domain/subscription-directory';
import { Attempt, canShareCall, isFinalRefusal, MeteringRecord, productOf, RecordAnswer, Verdict, verdictOf } from '../../../../../lambda/domain/usage/ledger/outcome';

const FIRST: Attempt = { intent: 'FIRST', callLeft: false };
const REPEATED: Attempt = { intent: 'REPEATED', callLeft: false };
const REPEATED_AFTER_CALL: Attempt = { intent: 'REPEATED', callLeft: true };

test.each([
  [{ status: 'Success', meteringRecordId: 'm-1' }, FIRST, { kind: 'BILLED', meteringRecordId: 'm-1' }],
  [{ status: 'Success', meteringRecordId: 'm-1' }, REPEATED, { kind: 'BILLED', meteringRecordId: 'm-1' }],
  [{ status: 'DuplicateRecord' }, FIRST, { kind: 'CONFLICT', reason: 'MeteredElsewhere' }],
  // a first attempt cannot have been sent before, whatever the bucket says
  [{ status: 'DuplicateRecord' }, { intent: 'FIRST', callLeft: true }, { kind: 'CONFLICT', reason: 'MeteredElsewhere' }],
  [{ status: 'DuplicateRecord' }, REPEATED, { kind: 'CONFLICT', reason: 'MaybeMeteredElsewhere' }],
  [{ status: 'DuplicateRecord', meteringRecordId: 'm-1' }, REPEATED_AFTER_CALL, { kind: 'BILLED', meteringRecordId: 'm-1' }],
  [{ status: 'CustomerNotSubscribed' }, FIRST, { kind: 'NOT_ACCEPTED', reason: 'CustomerNotSubscribed', again: 'NEXT_RUN' }],
  [{ status: 'Unprocessed' }, REPEATED, { kind: 'NOT_ACCEPTED', reason: 'Unprocessed', again: 'NOW' }],
  [{ status: 'Missing', word: 'Whatever' }, FIRST, { kind: 'UNKNOWN' }],
] as [RecordAnswer, Attempt, Verdict][])('%j to %j is written as %j', (answer, attempt, verdict) => {
  expect(verdictOf(answer, attempt)).toEqual(verdict);
});

test.each([
  ['TimestampOutOfBoundsException', 'ACTIVE', true],
  ['TimestampOutOfBoundsException', 'ENDED', true],
  // AWS may take the hour once the subscription has begun
  ['TimestampOutOfBoundsException', 'PENDING', false],
  ['InvalidUsageDimensionException', 'ACTIVE', false],
])('%s of a license that is %s is final: %s', (code, status, expected) => {
  expect(isFinalRefusal(code, { licenseId: 'l-1', status: status as SubscriptionStatus } as MeteredLicense)).toBe(expected);
});

test('an hour of a license that nothing is known of is refused for good too', () => {
  expect(isFinalRefusal('TimestampOutOfBoundsException', undefined)).toBe(true);
});

describe('records share a call', () => {
  const usage = { dimension: 'ApiCalls', timestamp: 0, quantity: 1 };
  const licensed: MeteringRecord = { ...usage, licenseArn: 'arn', customerAwsAccountId: '111122223333' };
  const legacy: MeteringRecord = { ...usage, productCode: 'one', customerIdentifier: 'c' };

  test.each([
    ['of two licenses', licensed, { ...licensed, licenseArn: 'other' }, true],
    ['of one legacy product', legacy, { ...legacy, customerIdentifier: 'd' }, true],
    ['of two legacy products', legacy, { ...legacy, productCode: 'two' }, false],
    ['of a license and a legacy product', licensed, legacy, false],
    ['that go to two regions', licensed, { ...licensed, region: 'us-west-2' }, false],
  ] as [string, MeteringRecord, MeteringRecord, boolean][])('%s: %#', (_, one, other, expected) => {
    expect(canShareCall(one, other)).toBe(expected);
  });

  test('a call names the product of a legacy product, and none of a license', () => {
    expect([productOf(legacy), productOf(licensed)]).toEqual(['one', undefined]);
  });
});
