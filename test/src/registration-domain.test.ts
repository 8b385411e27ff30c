import { CfnParameter, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { HostedZone, PrivateHostedZone } from 'aws-cdk-lib/aws-route53';
import { integrate, newStack, resources, settingsOf } from './fixtures';
import { RegistrationDomain } from '../../src';

const NAME = 'marketplace.example.com';
const TLS = { SecurityPolicy: 'SecurityPolicy_TLS13_1_2_PFS_PQ_2025_09', EndpointAccessMode: 'STRICT' };
const certificateIn = (stack: Stack, region = 'eu-west-1') =>
  Certificate.fromCertificateArn(stack, 'Certificate', `arn:aws:acm:${region}:111122223333:certificate/a`);
const inZone = (stack: Stack) =>
  RegistrationDomain.inHostedZone(NAME, HostedZone.fromHostedZoneAttributes(stack, 'Zone', { hostedZoneId: 'Z1', zoneName: 'example.com' }));

test('a name in a hosted zone gets a certificate, records for IPv4 and IPv6, and leads to the API', () => {
  const stack = newStack();
  const { template, integration } = integrate({ registrationDomain: inZone(stack) }, stack);
  const parts = resources(template()).filter(([, { Type }]) => /CertificateManager|Route53|DomainName|BasePathMapping/.test(Type));
  expect(Object.fromEntries(parts)).toMatchSnapshot();
  expect(integration.registrationUrl).toBe(`https://${NAME}/`);
});

test('the API has no other address, and neither takes TLS before 1.2', () => {
  const stack = newStack();
  const { template } = integrate({ registrationDomain: inZone(stack) }, stack);
  template().hasResourceProperties('AWS::ApiGateway::RestApi', { DisableExecuteApiEndpoint: true, ...TLS });
  template().hasResourceProperties('AWS::ApiGateway::DomainName', { ...TLS, EndpointConfiguration: { Types: ['REGIONAL'] } });
  integrate().template().hasResourceProperties('AWS::ApiGateway::RestApi', { DisableExecuteApiEndpoint: Match.absent(), ...TLS });
});

test('several integrations are below one domain, each at a base path that its handler knows', () => {
  const stack = newStack();
  const registrationDomain = RegistrationDomain.withCertificate(NAME, certificateIn(stack), { basePath: 'backup' });
  const { integration: backup } = integrate({ registrationDomain }, stack);
  const other = new Stack(stack, 'Other');
  const { integration: analytics } = integrate({ registrationDomain: RegistrationDomain.existing(backup.registrationDomain!, { basePath: 'analytics' }) }, other);
  Template.fromStack(stack).hasResourceProperties('AWS::ApiGateway::BasePathMapping', { BasePath: 'backup' });
  Template.fromStack(other).hasResourceProperties('AWS::ApiGateway::BasePathMapping', { BasePath: 'analytics' });
  Template.fromStack(other).resourceCountIs('AWS::ApiGateway::DomainName', 0);
  expect(backup.registrationUrl).toBe(`https://${NAME}/backup/`);
  expect(stack.resolve(analytics.registrationUrl)).toEqual({ 'Fn::Join': ['', ['https://', expect.anything(), '/analytics/']] });
  expect(settingsOf(stack, 'Registration').settings.registration).toMatchObject({ basePath: 'backup' });
});

test('a zone that was imported by its id alone, and a name that only CloudFormation knows, are fine', () => {
  const stack = newStack();
  const zone = HostedZone.fromHostedZoneId(stack, 'Zone', 'Z1');
  const name = new CfnParameter(stack, 'Name').valueAsString;
  const { template } = integrate({ registrationDomain: RegistrationDomain.inHostedZone(name, zone) }, stack);
  template().resourceCountIs('AWS::Route53::RecordSet', 2);
});

test.each<[string, (stack: Stack) => unknown, string]>([
  ['a name in upper case', (stack) => RegistrationDomain.withCertificate('Market.example.com', certificateIn(stack)), 'give a name such as marketplace.example.com'],
  ['a URL', (stack) => RegistrationDomain.withCertificate(`https://${NAME}`, certificateIn(stack)), 'give a name such as marketplace.example.com'],
  ['a name of another zone', (stack) => RegistrationDomain.inHostedZone('a.example.org',
    HostedZone.fromHostedZoneAttributes(stack, 'Zone', { hostedZoneId: 'Z1', zoneName: 'example.com' })), 'give a name in the hosted zone example.com'],
  ['a private zone', (stack) => RegistrationDomain.inHostedZone(NAME,
    new PrivateHostedZone(stack, 'Zone', { zoneName: 'example.com', vpc: new ec2.Vpc(stack, 'Vpc') })), 'give a public hosted zone'],
  ['a base path of two parts', (stack) => RegistrationDomain.withCertificate(NAME, certificateIn(stack), { basePath: 'a/b' }), 'give 1 to 50 letters'],
  ['a base path of dots', (stack) => RegistrationDomain.withCertificate(NAME, certificateIn(stack), { basePath: '..' }), 'give 1 to 50 letters'],
  ['a certificate of another region', (stack) => integrate({
    registrationDomain: RegistrationDomain.withCertificate(NAME, certificateIn(stack, 'us-east-1')),
  }, stack), 'give a certificate in eu-west-1, the region of this stack'],
])('%s is refused', (_, make, problem) => {
  expect(() => make(newStack({ env: { region: 'eu-west-1', account: '111122223333' } }))).toThrow(problem);
});
