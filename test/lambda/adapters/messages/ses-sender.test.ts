import type { SESv2Client } from '@aws-sdk/client-sesv2';
import { SesSender } from '../../../../lambda/adapters/messages/ses-sender';
import { EmailRefusedError } from '../../../../lambda/domain/registration/ports';

const CONFIG = { sender: 'Acme <hello@acme.example>', replyTo: 'help@acme.example' };
const MESSAGE = { subject: 'Hello', text: 'text', html: '<p>html</p>' };

function failing(name: string, message = 'Illegal address jo@example.com'): SesSender {
  const error = Object.assign(new Error(message), { name });
  return new SesSender({ send: async () => { throw error; } } as unknown as SESv2Client);
}

test('an e-mail has both forms, the configuration set and the registration as a tag; its domain is in ASCII', async () => {
  const inputs: unknown[] = [];
  const client = { send: async ({ input }: { input: unknown }) => inputs.push(input) } as unknown as SESv2Client;
  await new SesSender(client, 'reports').send(CONFIG, 'jo@bücher.example', MESSAGE, 'r-1');
  expect(inputs).toEqual([{
    FromEmailAddress: CONFIG.sender,
    Destination: { ToAddresses: ['jo@xn--bcher-kva.example'] },
    ReplyToAddresses: ['help@acme.example'],
    Content: {
      Simple: {
        Subject: { Data: 'Hello', Charset: 'UTF-8' },
        Body: { Text: { Data: 'text', Charset: 'UTF-8' }, Html: { Data: '<p>html</p>', Charset: 'UTF-8' } },
      },
    },
    ConfigurationSetName: 'reports',
    EmailTags: [{ Name: 'registrationId', Value: 'r-1' }],
  }]);
});

test('an address that SES refuses is the fault of the buyer, and its message is dropped', async () => {
  const sent = failing('BadRequestException').send(CONFIG, 'jo@example.com', MESSAGE, 'r-1');
  await expect(sent).rejects.toThrow(EmailRefusedError);
  await expect(sent).rejects.not.toThrow('jo@example.com');
});

test('any other fault is an error that names it without the address', async () => {
  const sent = failing('MailFromDomainNotVerifiedException').send(CONFIG, 'jo@example.com', MESSAGE, 'r-1');
  await expect(sent).rejects.toThrow('SES did not take an e-mail: MailFromDomainNotVerifiedException');
  await expect(sent).rejects.not.toThrow('jo@example.com');
});

test.each([
  'Configuration set <reports> does not exist',
  'Configuration set <domain-reports> does not exist',
  'Invalid tag value: jo@example.com is no valid value of a tag',
  '',
])('a bad request that is not about the address (%s) is an error, so that no buyer is noted as written to', async (message) => {
  const sent = failing('BadRequestException', message).send(CONFIG, 'jo@example.com', MESSAGE, 'r-1');
  await expect(sent).rejects.toThrow('SES did not take an e-mail: BadRequestException. Its sender, its configuration set,');
  await expect(sent).rejects.not.toThrow(EmailRefusedError);
});

test.each(['Missing final \'@domain\'', 'Domain contains illegal character', 'Local address starts with dot', 'Invalid domain name: \'example..com\''])(
  'SES refuses an address by the message "%s"', async (message) => {
    await expect(failing('BadRequestException', message).send(CONFIG, 'jo@example.com', MESSAGE, 'r-1')).rejects.toThrow(EmailRefusedError);
  });
