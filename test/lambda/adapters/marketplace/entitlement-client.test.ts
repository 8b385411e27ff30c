import type { GetEntitlementsCommandInput, GetEntitlementsCommandOutput } from '@aws-sdk/client-marketplace-entitlement-service';
import { MarketplaceEntitlements } from '../../../../lambda/adapters/marketplace/entitlement-client';
import { ARN, LICENSE } from '../../../support/facts';
import { Telemetry } from '../../../support/telemetry';

const OTHER_ARN = `${ARN.slice(0, -1)}0`;

type Answer = Partial<GetEntitlementsCommandOutput> | Error;

function sourceOf(...answers: readonly Answer[]) {
  const asked: GetEntitlementsCommandInput[] = [];
  const waits: number[] = [];
  let time = 0;
  const log = new Telemetry();
  const send = async ({ input }: { input: GetEntitlementsCommandInput }) => {
    asked.push(input);
    const answer = answers[asked.length - 1] ?? {};
    if (answer instanceof Error) {
      throw answer;
    }
    return answer;
  };
  const source = new MarketplaceEntitlements({ send } as never, {
    productCode: 'product', attempts: 4, log, now: () => time, random: () => 0, sleep: async (ms) => { waits.push(ms); time += ms; },
  });
  return { source, asked, waits, log };
}

const error = (name: string) => Object.assign(new Error('no'), { name });
const license = { licenseId: LICENSE, licenseArn: ARN };

test('reads all pages of a license, an empty page with a token included', async () => {
  const { source, asked } = sourceOf(
    { Entitlements: [], NextToken: 'a' },
    { Entitlements: [{ Dimension: 'Users', LicenseArn: ARN, Value: { IntegerValue: 3 } }], NextToken: 'b' },
    { Entitlements: [{ Dimension: 'Gb', LicenseArn: ARN, Value: { DoubleValue: 0.5 } }] },
  );
  expect(await source.entitlementsOf(license)).toEqual({ Gb: { valueType: 'DOUBLE', value: 0.5 }, Users: { valueType: 'INTEGER', value: 3 } });
  expect(asked).toEqual([undefined, 'a', 'b'].map((NextToken) => ({
    ProductCode: 'product', Filter: { LICENSE_ARN: [ARN] }, MaxResults: 25, ...NextToken && { NextToken },
  })));
});

test('keeps each type of value, and an entitlement without a value or an expiration', async () => {
  const { source } = sourceOf({
    Entitlements: [
      { Dimension: 'Users', Value: { IntegerValue: 0 } },
      { Dimension: 'Sso', Value: { BooleanValue: false } },
      { Dimension: 'Tier', Value: { StringValue: '' }, ExpirationDate: new Date('2027-11-16T08:00:00Z') },
      { Dimension: 'Undeclared', ExpirationDate: new Date(NaN) },
      { Value: { IntegerValue: 1 } },
    ],
  });
  expect(await source.entitlementsOf(license)).toEqual({
    Users: { valueType: 'INTEGER', value: 0 },
    Sso: { valueType: 'BOOLEAN', value: false },
    Tier: { valueType: 'STRING', value: '', expiresAt: '2027-11-16T08:00:00.000Z' },
    Undeclared: {},
  });
});

test('takes only the entitlements of the license when it has to ask about the account', async () => {
  const { source, asked } = sourceOf({
    Entitlements: [
      { Dimension: 'Users', LicenseArn: OTHER_ARN, Value: { IntegerValue: 9 } },
      { Dimension: 'Users', LicenseArn: ARN, Value: { IntegerValue: 3 } },
      { Dimension: 'Gb', Value: { IntegerValue: 1 } },
    ],
  });
  expect(await source.entitlementsOf({ licenseId: LICENSE, customerAwsAccountId: '111122223333' })).toEqual({ Users: { valueType: 'INTEGER', value: 3 } });
  expect(asked[0]?.Filter).toEqual({ CUSTOMER_AWS_ACCOUNT_ID: ['111122223333'] });
});

test('two entries of one dimension give the same result in either order, and are logged', async () => {
  const entries = [5, 7].map((value) => ({ Dimension: 'Users', LicenseArn: ARN, Value: { IntegerValue: value } }));
  for (const Entitlements of [entries, [...entries].reverse()]) {
    const { source, log } = sourceOf({ Entitlements });
    expect(await source.entitlementsOf(license)).toEqual({ Users: { valueType: 'INTEGER', value: 7 } });
    expect(log.lines.join()).toContain('answered twice');
  }
});

test('tries a throttled call again with backoff, and gives up after four attempts', async () => {
  const throttled = error('ThrottlingException');
  const { source, waits } = sourceOf(throttled, throttled, { Entitlements: [] });
  expect(await source.entitlementsOf(license)).toEqual({});
  expect(waits).toEqual([1_000, 2_000]);
  const refusing = sourceOf(throttled, throttled, throttled, throttled);
  await expect(refusing.source.entitlementsOf(license)).rejects.toThrow(throttled);
  expect(refusing.asked).toHaveLength(4);
});

test.each(['InvalidParameterException', 'AccessDeniedException'])('%s is no answer, and is not tried again', async (name) => {
  const { source, asked } = sourceOf(error(name));
  await expect(source.entitlementsOf(license)).rejects.toThrow('no');
  expect(asked).toHaveLength(1);
});

test('pages that fail in the middle give no answer, instead of a part of one', async () => {
  const { source } = sourceOf({ Entitlements: [{ Dimension: 'Users', LicenseArn: ARN }], NextToken: 'a' }, error('InvalidParameterException'));
  await expect(source.entitlementsOf(license)).rejects.toThrow('no');
});

test('pages that never end are an error', async () => {
  const endless = Array.from({ length: 300 }, () => ({ Entitlements: [], NextToken: 'more' }));
  await expect(sourceOf(...endless).source.entitlementsOf(license)).rejects.toThrow('after 200 pages');
});

test('a license of which neither ARN nor account is known cannot be asked about', async () => {
  await expect(sourceOf().source.entitlementsOf({ licenseId: LICENSE })).rejects.toThrow('Neither the ARN');
});

test('asks about a buyer of a legacy product by customer identifier alone, whichever license AWS names', async () => {
  const { source, asked } = sourceOf({
    Entitlements: [
      { Dimension: 'Users', LicenseArn: OTHER_ARN, CustomerIdentifier: '   ifAPi5AcF3', Value: { IntegerValue: 3 } },
      { Dimension: 'Gb', Value: { IntegerValue: 7 } },
      { Dimension: 'Sso', CustomerIdentifier: 'another', Value: { BooleanValue: true } },
    ],
  });
  const buyer = { licenseId: 'legacy-product-ifAPi5AcF3', licenseArn: ARN, customerAwsAccountId: '111122223333' };
  expect(await source.entitlementsOf(buyer)).toEqual({ Gb: { valueType: 'INTEGER', value: 7 }, Users: { valueType: 'INTEGER', value: 3 } });
  expect(asked.map(({ Filter }) => Filter)).toEqual([{ CUSTOMER_IDENTIFIER: ['ifAPi5AcF3'] }]);
});
