import type { STSClient } from '@aws-sdk/client-sts';
import { wireSellerCredentials } from '../../../../lambda/adapters/aws/seller-access';
import { sellerCredentials } from '../../../../lambda/adapters/aws/seller-credentials';

const roleArn = 'arn:aws:iam::111122223333:role/marketplace';

function fakeSts(clock: { now(): number }, lifeMillis = 3_600_000) {
  const requests: Record<string, unknown>[] = [];
  const send = async (command: { input: Record<string, unknown> }) => {
    requests.push(command.input);
    return {
      Credentials: {
        AccessKeyId: `AKIA${requests.length}`, SecretAccessKey: 'secret', SessionToken: 'session', Expiration: new Date(clock.now() + lifeMillis),
      },
    };
  };
  return { requests, client: { send } as unknown as STSClient };
}

describe('sellerCredentials', () => {
  test('without a role, the function\'s own credentials are used', () => {
    expect(wireSellerCredentials('us-east-1', { now: () => 0 }, { roleArn: undefined, externalId: undefined })).toBeUndefined();
  });

  test('the role is assumed with the external id, and again five minutes before the credentials expire', async () => {
    let now = 0;
    const clock = { now: () => now };
    const sts = fakeSts(clock);
    const provide = sellerCredentials(sts.client, clock, { roleArn, externalId: 'ours' });
    const first = await provide();
    now = 54 * 60_000;
    expect(await provide()).toBe(first);
    expect(sts.requests).toEqual([{ RoleArn: roleArn, RoleSessionName: 'marketplace-saas', DurationSeconds: 3600, ExternalId: 'ours' }]);
    now = 55 * 60_000;
    expect(await provide()).toMatchObject({ accessKeyId: 'AKIA2', sessionToken: 'session' });
  });

  test('an answer of STS without credentials is an error that names the role', async () => {
    const client = { send: async () => ({}) } as unknown as STSClient;
    const provide = sellerCredentials(client, { now: () => 0 }, { roleArn, externalId: undefined });
    await expect(provide()).rejects.toThrow(`AssumeRole of ${roleArn} answered without credentials`);
  });
});
