import { assemblyOf, att, start } from './app';

const RESOURCES = {
  Connection: {
    Type: 'AWS::Events::Connection',
    Properties: { AuthorizationType: 'API_KEY', AuthParameters: { ApiKeyAuthParameters: { ApiKeyName: 'x-key', ApiKeyValue: 'the-secret' } } },
  },
  Hook: {
    Type: 'AWS::Events::ApiDestination',
    Properties: { ConnectionArn: att('Connection'), HttpMethod: 'POST', InvocationEndpoint: 'https://hooks.example.com/orders' },
  },
  DeadLetters: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'dead' } },
  Rule: {
    Type: 'AWS::Events::Rule',
    Properties: {
      EventPattern: { source: ['shop'] },
      Targets: [{
        Id: 'T', Arn: att('Hook'), InputPath: '$.detail', RetryPolicy: { MaximumRetryAttempts: 1 }, DeadLetterConfig: { Arn: att('DeadLetters') },
      }],
    },
  },
};

test('requests to API destinations are shown in the state without their secrets, are tried again, and end in the dead-letter queue', async () => {
  const sandbox = await start(assemblyOf(RESOURCES));
  await sandbox.addFault({ service: 'events', operation: 'InvokeApiDestination', error: 'Unavailable', times: 1 });
  await sandbox.putEvent({ 'source': 'shop', 'detail-type': 'Ordered', 'detail': { id: 1 } });
  await sandbox.advance('PT1M');
  const { webhooks } = await sandbox.state();
  expect(webhooks).toEqual([{
    time: expect.stringMatching('^2026-11-23T05:00:0'), destination: 'Hook', method: 'POST', url: 'https://hooks.example.com/orders', body: '{"id":1}',
  }]);

  await sandbox.addFault({ service: 'events', operation: 'InvokeApiDestination', error: 'Unavailable', times: 2 });
  await sandbox.putEvent({ 'source': 'shop', 'detail-type': 'Ordered', 'detail': { id: 2 } });
  await sandbox.advance('PT1H');
  const state = await sandbox.state();
  expect([state.webhooks, JSON.stringify(state).includes('the-secret')]).toEqual([webhooks, false]);
  expect(state.deadLetters).toMatchObject({ dead: 1 });
  await sandbox.reset();
  expect((await sandbox.state()).webhooks).toEqual([]);
});
