import { SecretValue } from 'aws-cdk-lib';
import { Authorization, ApiDestination, Connection } from 'aws-cdk-lib/aws-events';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { integrate, newStack, resources } from './fixtures';
import { RegistrationNotice } from '../../src';

test('the team gets a message on a topic, e-mails and a webhook for each buyer who registers, and what cannot be delivered is kept', () => {
  const stack = newStack();
  const connection = new Connection(stack, 'Connection', { authorization: Authorization.apiKey('x-key', SecretValue.unsafePlainText('secret')) });
  const hook = new ApiDestination(stack, 'Hook', { connection, endpoint: 'https://hooks.example.com/registered' });
  const { template } = integrate({
    registrationNotices: [
      RegistrationNotice.topic(new Topic(stack, 'Team')),
      RegistrationNotice.email('sales@example.com'),
      RegistrationNotice.email('success@example.com'),
      RegistrationNotice.webhook(hook),
    ],
  }, stack);
  const parts = resources(template()).filter(([id, { Type }]) => id.startsWith('MarketplaceRegistrationNotices') && /Rule$|SNS/.test(Type));
  expect(Object.fromEntries(parts)).toMatchSnapshot();
});

test('an integration without notices has no rule for them', () => {
  expect(resources(integrate({ registrationNotices: [] }).template()).filter(([id]) => id.includes('RegistrationNotices'))).toEqual([]);
});

test('more topics than a rule has targets are refused', () => {
  const stack = newStack();
  const registrationNotices = Array.from({ length: 6 }, (_, index) => RegistrationNotice.topic(new Topic(stack, `Team${index}`)));
  expect(() => integrate({ registrationNotices }, stack)).toThrow('registrationNotices: received "6 topics and webhooks"; give at most 5');
});

test('notices with the contact come from a function, so they need no rule, dead-letter queue or alarm, and do not count as targets', () => {
  const stack = newStack();
  const withContact = Array.from({ length: 6 }, (_, index) => RegistrationNotice.topic(new Topic(stack, `Team${index}`), { includeContact: true }));
  const { template, integration } = integrate({ registrationNotices: withContact }, stack);
  expect(resources(template()).filter(([id]) => id.includes('RegistrationNotices'))).toEqual([]);
  expect(integration.alarms.map(({ node }) => node.id)).not.toContain('RegistrationNoticesDeadLetters');
});

test('an address that is none is refused', () => {
  expect(() => RegistrationNotice.email('sales')).toThrow('registrationNotices.address: received "sales"; give an e-mail address');
});
