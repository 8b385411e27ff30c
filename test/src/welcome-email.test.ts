import { Lazy } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import { ConfigurationSet, EmailIdentity } from 'aws-cdk-lib/aws-ses';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { integrate, newStack, resources, settingsOf, statements, welcomeEmail } from './fixtures';
import { Registration, RegistrationLanguage, RegistrationNotice, WelcomeEmail } from '../../src';

test('the function that writes to buyers may read and note registrations, send from the one identity, and nothing else', () => {
  const stack = newStack();
  const configurationSet = ConfigurationSet.fromConfigurationSetName(stack, 'Reports', 'reports');
  const { template } = integrate({ registration: Registration.hostedPage({ welcomeEmail: welcomeEmail(stack, { configurationSet }) }) }, stack);
  const allowed = statements(template(), 'MarketplaceBuyerMessages').map(({ Action, Resource }) => [[Action].flat().join(' '), JSON.stringify(Resource)]);
  expect(allowed).toEqual([
    ['logs:CreateLogStream logs:PutLogEvents', expect.stringContaining('BuyerMessagesHandlerLogs')],
    ['sqs:SendMessage sqs:GetQueueAttributes sqs:GetQueueUrl', expect.stringContaining('BuyerMessagesDeadLetters')],
    ['dynamodb:GetItem dynamodb:UpdateItem', expect.stringContaining('RegistrationsTable')],
    ['dynamodb:Query', expect.stringContaining('/index/byAccount')],
    ['ses:SendEmail', expect.stringContaining(':identity/example.com')],
    ['ses:SendEmail', expect.stringContaining(':configuration-set/reports')],
  ]);
});

test('the function follows the events of forms, and of registered buyers where the team gets the contact', () => {
  const detailTypes = (props: Parameters<typeof integrate>[0], stack = newStack()) => resources(integrate(props, stack).template(), 'AWS::Events::Rule')
    .filter(([id]) => id.startsWith('MarketplaceBuyerMessages')).flatMap(([, { Properties }]) => Properties.EventPattern['detail-type']);
  const stack = newStack();
  const withContact = [RegistrationNotice.topic(new Topic(stack, 'Team'), { includeContact: true })];
  expect(detailTypes({ registration: Registration.hostedPage({ welcomeEmail: welcomeEmail(stack) }), registrationNotices: withContact }, stack))
    .toEqual(['Buyer Email Entered', 'Buyer Registered']);
  expect(detailTypes({ registrationNotices: [RegistrationNotice.email('sales@example.com', { includeContact: true })] })).toEqual(['Buyer Registered']);
  expect(detailTypes({ registrationNotices: [RegistrationNotice.email('sales@example.com')] })).toEqual([]);
});

test('an e-mail with the contact has another topic than those without, to which no event of EventBridge goes', () => {
  const { template } = integrate({
    registrationNotices: [RegistrationNotice.email('sales@example.com'), RegistrationNotice.email('ceo@example.com', { includeContact: true })],
  });
  template().hasResourceProperties('AWS::SNS::Subscription', { Endpoint: 'ceo@example.com', TopicArn: { Ref: Match.stringLikeRegexp('ContactTopic') } });
  template().hasResourceProperties('AWS::SNS::Subscription', { Endpoint: 'sales@example.com', TopicArn: { Ref: Match.not(Match.stringLikeRegexp('ContactTopic')) } });
  const targets = resources(template(), 'AWS::Events::Rule').filter(([id]) => id.startsWith('MarketplaceRegistrationNotices')).flatMap(([, { Properties }]) => Properties.Targets);
  expect(JSON.stringify(targets)).not.toContain('ContactTopic');
});

test('the contact cannot be in a notice where buyers enter nothing', () => {
  const registrationNotices = [RegistrationNotice.email('sales@example.com', { includeContact: true })];
  expect(() => integrate({ registration: Registration.ownSignUp('https://app.example.com/sign-up'), registrationNotices }))
    .toThrow('registrationNotices.includeContact: received true; with Registration.ownSignUp() buyers enter nothing here');
});

test('the words of the seller, in each language, are settings of both functions', () => {
  const stack = newStack();
  integrate({
    registration: Registration.hostedPage({
      welcomeEmail: welcomeEmail(stack, { subject: 'Welcome', paragraphs: ['Good to have you.'], replyTo: 'help@example.com' }),
      languages: [RegistrationLanguage.german({ welcomeEmail: { subject: 'Willkommen' } })],
    }),
  }, stack);
  const expected = {
    welcomeEmail: { sender: 'Acme <hello@example.com>', replyTo: 'help@example.com', subject: 'Welcome', paragraphs: ['Good to have you.'], confirmAddress: true },
    page: { languages: [{ tag: 'de', welcomeEmail: { subject: 'Willkommen' } }] },
  };
  expect(settingsOf(stack, 'BuyerMessages').settings.registration).toMatchObject(expected);
  expect(settingsOf(stack, 'Registration').settings.registration).toMatchObject(expected);
});

test.each<[string, Parameters<typeof welcomeEmail>[1], string]>([
  ['a sender that is no address', { sender: 'Acme' }, 'registration.welcomeEmail.sender: received "Acme"; give an address, or a name of ASCII characters and an address'],
  ['a sender with a comma in its name', { sender: 'Acme, Inc. <hello@example.com>' },
    'registration.welcomeEmail.sender: received "Acme, Inc. <hello@example.com>"; put the name in quotes, such as "Acme, Inc." <hello@example.com>'],
  ['a sender whose name is in quotes in part', { sender: '"Acme", Inc. <hello@example.com>' }, 'put the name in quotes'],
  ['a sender whose name has a quote that does not end', { sender: '"Acme <hello@example.com>' }, 'put the name in quotes'],
  ['a sender whose name has a backslash in quotes', { sender: '"Acme\\" <hello@example.com>' }, 'put the name in quotes'],
  ...[...';:@()[]\\"'].map((char): [string, Parameters<typeof welcomeEmail>[1], string] => [
    `a sender with ${char} in its name`, { sender: `Acme${char} <hello@example.com>` }, 'put the name in quotes',
  ]),
  ['a sender known at deployment only', { sender: Lazy.string({ produce: () => 'hello@example.com' }) }, 'registration.welcomeEmail.sender: received a token'],
  ['a sender of another domain', { sender: 'hello@example.org' }, 'give an address of the identity example.com: SES sends for no other'],
  ['an address for answers that is none', { replyTo: 'help' }, 'registration.welcomeEmail.replyTo: received "help"; give an e-mail address'],
  ['a subject of two lines', { subject: 'a\nb' }, 'registration.welcomeEmail.subject: received "a\\nb"; give 1 to 120 characters on one line'],
  ['no paragraph', { paragraphs: [] }, 'registration.welcomeEmail.paragraphs: received []; give 1 to 10 paragraphs'],
  ['an empty paragraph', { paragraphs: ['a', ''] }, 'registration.welcomeEmail.paragraphs[1]: received ""'],
  ['no identity', { identity: undefined }, 'registration.welcomeEmail.identity'],
])('%s is refused at synthesis', (_, options, message) => {
  expect(() => welcomeEmail(newStack(), options)).toThrow(message);
});

test('words in another language are checked too', () => {
  expect(() => Registration.hostedPage({ languages: [RegistrationLanguage.german({ welcomeEmail: { paragraphs: [''] } })] }))
    .toThrow('languages.de.welcomeEmail.paragraphs[0]: received ""');
});

test('what is no welcome e-mail is refused', () => {
  expect(() => Registration.hostedPage({ welcomeEmail: {} as WelcomeEmail })).toThrow('registration.welcomeEmail: received {}; give WelcomeEmail.ses()');
});

test.each(['"Acme, Inc." <hello@example.com>', '"Acme (Sales) @ home: [a; b]" <hello@example.com>', 'Acme Inc. & Co. <hello@example.com>', 'hello@example.com'])(
  'the e-mail can be from %s', (sender) => {
    expect(() => welcomeEmail(newStack(), { sender })).not.toThrow();
  });

test.each([['its domain', 'example.com', 'hello@example.com'], ['a domain above it', 'example.com', 'hello@mail.example.com'], ['the address', 'hello@example.com', 'Acme <hello@example.com>']])(
  'a sender belongs to an identity that is %s', (_, name, sender) => {
    const stack = newStack();
    expect(() => WelcomeEmail.ses({ identity: EmailIdentity.fromEmailIdentityName(stack, 'Identity', name), sender })).not.toThrow();
  });
