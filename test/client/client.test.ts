import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DynamoDB } from '@aws-sdk/client-dynamodb';
import { Lambda } from '@aws-sdk/client-lambda';
import {
  type ClaimedRegistration, claimRegistration, Entitlements, isDomainEvent, type RegistrationClient, type SubscriptionsClient,
} from '../../client';
import { DetailType } from '../../src/names';

const ROOT = join(__dirname, '../..');

describe('claiming a registration', () => {
  const CLAIM = { code: 'mF1xk0v3P2', claimId: '0b9d4c1e-5f0e-4c7a-8a53-3a3c7f5b2d10' };
  const answering = (answer: object, more = {}) => {
    const payloads: unknown[] = [];
    const lambda: RegistrationClient = {
      invoke: async ({ Payload }) => {
        payloads.push(JSON.parse(Payload));
        return { Payload: Buffer.from(JSON.stringify(answer)), ...more };
      },
    };
    return { lambda, payloads };
  };

  test('gives the buyer who arrived with the code', async () => {
    const buyer: ClaimedRegistration = { registrationId: 'r-1', customerAwsAccountId: '111122223333', productCode: 'abc', freeTrial: false };
    const { lambda, payloads } = answering(buyer);
    expect(await claimRegistration(lambda, 'registration', CLAIM)).toEqual(buyer);
    expect(payloads).toEqual([{ claimRegistration: CLAIM }]);
  });

  test('gives the refusal of a code that is not valid', async () => {
    const refused = { error: { code: 'INVALID_CODE', message: 'expired' } };
    expect(await claimRegistration(answering(refused).lambda, 'registration', CLAIM)).toEqual(refused);
  });

  test('throws if the function failed, because the claim may be sent again', async () => {
    const { lambda } = answering({ errorMessage: 'Task timed out' }, { FunctionError: 'Unhandled' });
    await expect(claimRegistration(lambda, 'registration', CLAIM)).rejects.toThrow(/failed \(Unhandled\): claim again with the same claimId/);
  });
});

describe('what a buyer may use', () => {
  const items: Record<string, Record<string, unknown>> = {
    'L#l-9d5ab3c1 SUBSCRIPTION': { status: { S: 'ACTIVE' } },
    'L#l-ended SUBSCRIPTION': { status: { S: 'ENDED' } },
    'L#legacy-product-moved SUBSCRIPTION': { status: { S: 'ENDED' }, continuesAs: { S: 'l-9d5ab3c1' } },
    'L#legacy-product-left SUBSCRIPTION': { status: { S: 'ENDED' }, continuesAs: { S: 'l-ended' } },
    'L#legacy-product-stays SUBSCRIPTION': { status: { S: 'ACTIVE' } },
    'L#legacy-product-stays ENTITLEMENTS': { entitlements: { M: { Users: { M: { value: { N: '3' } } } } } },
    'L#legacy-product-moved ENTITLEMENTS': { entitlements: { M: {} } },
    'L#l-9d5ab3c1 ENTITLEMENTS': {
      entitlements: {
        M: { Users: { M: { value: { N: '25' } } }, Beta: { M: { value: { BOOL: false } } }, Tier: { M: { value: { S: 'gold' } } }, Odd: { M: {} } },
      },
    },
  };
  const dynamodb: SubscriptionsClient = { getItem: async ({ Key: { pk, sk } }) => ({ Item: items[`${pk.S} ${sk.S}`] }) };
  const entitlements = new Entitlements(dynamodb, 'subscriptions');

  test.each([
    ['l-9d5ab3c1', true],
    ['arn:aws:license-manager::294406891311:license:l-9d5ab3c1', true],
    ['l-ended', false],
    ['l-unknown', false],
    ['legacy-product-moved', true],
    ['legacy-product-left', false],
  ])('the license %s is active: %s', async (license, active) => {
    expect(await entitlements.isActive(license)).toBe(active);
  });

  test.each([['Users', 25], ['Beta', false], ['Tier', 'gold'], ['Odd', undefined], ['Other', undefined], ['constructor', undefined]])(
    'the buyer has of %s: %s', async (dimension, value) => {
      expect(await entitlements.entitled('l-9d5ab3c1', dimension)).toBe(value);
    });

  test.each([['stays', 3], ['moved', 25], ['left', undefined], ['unknown', undefined]])(
    'the legacy buyer who %s has of Users: %s', async (key, value) => {
      expect(await entitlements.entitled(`legacy-product-${key}`, 'Users')).toBe(value);
    });

  test('a buyer without entitlements has none', async () => {
    expect(await entitlements.entitled('l-unknown', 'Users')).toBeUndefined();
  });

  test('something that is no license is refused by an error that names it', async () => {
    await expect(entitlements.isActive('agmt-1')).rejects.toThrow('received "agmt-1"; give the id of a license');
  });
});

describe('domain events', () => {
  const event = { 'source': 'marketplace-saas', 'detail-type': 'Subscription Ending', 'detail': { licenseId: 'l-1' } };

  test('domain events are recognised by their source and type', () => {
    expect(isDomainEvent(event)).toBe(true);
    expect(isDomainEvent(event, 'Subscription Ending')).toBe(true);
    expect(isDomainEvent(event, 'Subscription Ended')).toBe(false);
    expect([{ ...event, source: 'aws.ec2' }, undefined, null, 'text'].map((other) => isDomainEvent(other))).toEqual([false, false, false, false]);
  });

  test('have a type for each detail-type that the integration publishes', () => {
    const types = readFileSync(join(ROOT, 'client/schema-types.ts'), 'utf8');
    expect(Object.values(DetailType).filter((type) => !types.includes(`  readonly '${type}': `))).toEqual([]);
  });
});

test('the clients of the AWS SDK are those that it takes', () => {
  const lambda: RegistrationClient = new Lambda({ region: 'us-east-1' });
  const dynamodb: SubscriptionsClient = new DynamoDB({ region: 'us-east-1' });
  expect([lambda.invoke, dynamodb.getItem]).toEqual([expect.any(Function), expect.any(Function)]);
});

test('the generated types are those of the published schemas', () => {
  const files = ['client/schema-types.ts', 'examples/python/functions/marketplace_types.py'].map((file) => join(ROOT, file));
  const before = files.map((file) => readFileSync(file, 'utf8'));
  execFileSync(process.execPath, [join(ROOT, 'scripts/generate-app-types.js')]);
  expect(files.map((file) => readFileSync(file, 'utf8'))).toEqual(before);
});
