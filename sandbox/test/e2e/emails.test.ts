import { SESClient, SendEmailCommand, SendRawEmailCommand } from '@aws-sdk/client-ses';
import { SendEmailCommand as SendEmailV2Command, SESv2Client } from '@aws-sdk/client-sesv2';
import { assemblyOf, fn, start } from './app';
import { awsConfig } from './clients';

const CODE = `
  const { SESv2Client, SendEmailCommand } = require('@aws-sdk/client-sesv2');
  exports.handler = async () => {
    const send = (FromEmailAddress) => new SESv2Client({ maxAttempts: 1 }).send(new SendEmailCommand({ FromEmailAddress, Destination: { ToAddresses: ['buyer@example.net'] },
      Content: { Simple: { Subject: { Data: 'Welcome' }, Body: { Text: { Data: 'Hello' } } } } }));
    await send('Shop <hello@shop.example>');
    await send('someone@else.example').catch(() => undefined);
  };`;

const SENDER = fn('Sender', { code: CODE, allow: ['dynamodb:*'] });
Object.assign(SENDER, {
  Policy: {
    Type: 'AWS::IAM::Policy',
    Properties: {
      PolicyName: 'send',
      Roles: [{ Ref: 'SenderRole' }],
      PolicyDocument: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'ses:SendEmail', Resource: 'arn:aws:ses:us-east-1:000000000000:identity/shop.example' }] },
    },
  },
  Rule: { Type: 'AWS::Events::Rule', Properties: { EventPattern: { source: ['x'] }, Targets: [{ Id: 'T', Arn: { 'Fn::GetAtt': ['Sender', 'Arn'] } }] } },
});

test('emails sent with either version of SES are shown in the state, and a role may send as its own identities only', async () => {
  const sandbox = await start(assemblyOf(SENDER));
  await sandbox.putEvent({ 'source': 'x', 'detail-type': 'x', 'detail': {} });
  await sandbox.waitUntilIdle();
  const Destination = { ToAddresses: ['a@example.net', 'b@example.net'], CcAddresses: ['c@example.net'] };
  const { MessageId } = await new SESClient(awsConfig(sandbox)).send(new SendEmailCommand({
    Source: 'me@shop.example', Destination, Message: { Subject: { Data: 'News' }, Body: { Html: { Data: '<p>1</p>' } } },
  }));
  const Data = Buffer.from('From: Me <me@shop.example>\r\nTo: "Doe, J" <j@example.net>, k@example.net\r\nSubject: Raw\r\n\r\nbody');
  await new SESClient(awsConfig(sandbox)).send(new SendRawEmailCommand({ RawMessage: { Data } }));
  await expect(new SESv2Client(awsConfig(sandbox)).send(new SendEmailV2Command({ FromEmailAddress: 'me@shop.example', Content: {} })))
    .rejects.toMatchObject({ name: 'BadRequestException', message: 'the email has no recipient' });
  const { emails, denials } = await sandbox.state();
  const common = { time: expect.stringMatching('^2026-11-23T05:00:00'), cc: [], bcc: [], replyTo: [], subject: null, text: null, html: null };
  expect(emails).toEqual([
    { ...common, messageId: expect.any(String), function: 'Sender', from: 'Shop <hello@shop.example>', to: ['buyer@example.net'], subject: 'Welcome', text: 'Hello' },
    { ...common, messageId: MessageId, function: null, from: 'me@shop.example', to: ['a@example.net', 'b@example.net'], cc: ['c@example.net'], subject: 'News', html: '<p>1</p>' },
    {
      ...common, messageId: expect.any(String), function: null, from: 'Me <me@shop.example>', to: ['"Doe, J" <j@example.net>', 'k@example.net'], subject: 'Raw', raw: String(Data),
    },
  ]);
  expect(denials).toMatchObject([{ action: 'ses:SendEmail', resource: 'arn:aws:ses:us-east-1:000000000000:identity/someone@else.example' }]);
  await sandbox.reset();
  expect((await sandbox.state()).emails).toEqual([]);
  await sandbox.addFault({ service: 'ses', operation: 'SendEmail', error: 'Throttling' });
  const again = new SendEmailCommand({ Source: 'me@shop.example', Destination, Message: { Subject: { Data: 'Again' }, Body: { Text: { Data: '1' } } } });
  await expect(new SESClient(awsConfig(sandbox)).send(again)).rejects.toMatchObject({ name: 'Throttling' });
  expect((await sandbox.state()).emails).toEqual([]);
});
