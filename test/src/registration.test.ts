import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { Token } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import * as fc from 'fast-check';
import { integrate, type Resource, resources, settingsOf } from './fixtures';
import { readSettings } from '../../lambda/adapters/aws/settings';
import { AfterRegistration, HostedPageOptions, Registration, RegistrationField, RegistrationLanguage, RegistrationLogo, RegistrationWebAcl } from '../../src';
import { PAGE_COLORS } from '../../src/names';
import { colorsOf, contrast, contrastOnPage, darkerShade } from '../../src/private/color';
import { errorPage } from '../../src/private/registration-error-page';
import { all, parseHtml } from '../support/html';

const folder = mkdtempSync(path.join(tmpdir(), 'logo-'));
function file(name: string, content: string | Buffer): string {
  const place = path.join(folder, name);
  writeFileSync(place, content);
  return place;
}
const svg = (inside = '', attributes = 'viewBox="0 0 40 20"') => `<svg xmlns="http://www.w3.org/2000/svg" ${attributes}>${inside}</svg>`;
const page = (options: HostedPageOptions) => Registration.hostedPage(options)._config().page;

const COMPLETE: HostedPageOptions = {
  productName: 'Acme Analytics',
  supportEmail: 'support@example.com',
  loginUrl: 'https://app.example.com',
  nextSteps: ['An invitation goes to {email}.'],
};

describe('the review by AWS Marketplace', () => {
  test('what the registration lacks for it is named by one warning', () => {
    Annotations.fromStack(integrate().stack).hasWarning('*', Match.stringLikeRegexp(
      'registration lacks productName .*, supportEmail or supportUrl .*, loginUrl .*, nextSteps'));
    Annotations.fromStack(integrate({ registration: Registration.hostedPage({ ...COMPLETE, supportEmail: undefined }) }).stack).hasWarning('*', Match.stringLikeRegexp(
      'registration lacks supportEmail or supportUrl \\(contacts of support\\)\\.'));
  });

  test('a registration that has everything, and one whose sign-up page is the seller\'s own, give no warning', () => {
    for (const registration of [
      Registration.hostedPage(COMPLETE),
      Registration.ownSignUp('https://app.example.com/sign-up', { productName: 'Acme', supportUrl: 'https://example.com/help' }),
    ]) {
      Annotations.fromStack(integrate({ registration }).stack).hasNoWarning('*', Match.stringLikeRegexp('registrationReview|registration lacks'));
    }
  });
});

describe('the accent color', () => {
  test('one that is too pale for text is refused, with its contrast and the nearest shade that is not', () => {
    expect(() => page({ brand: { accentColor: '#ffcc00' } })).toThrow(
      'registration.brand.accentColor: received "#ffcc00"; its contrast as text on the page is 1.4');
    expect(() => page({ brand: { accentColor: '#ffcc00' } })).toThrow(`${darkerShade('#ffcc00')} is the nearest darker shade`);
    expect(() => page({ brand: { accentColor: 'blue' } })).toThrow('give a color such as #4f3df5');
  });

  test('all colors that follow from any color have a contrast of at least 4.5', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 0xffffff }), (value) => {
      const color = `#${value.toString(16).padStart(6, '0')}`;
      const { accent, onAccent, darkAccent, onDarkAccent } = colorsOf(color);
      expect(contrast(onAccent, accent)).toBeGreaterThanOrEqual(4.5);
      expect(contrast(onDarkAccent, darkAccent)).toBeGreaterThanOrEqual(4.5);
      expect(contrast(darkAccent, PAGE_COLORS.dark.card)).toBeGreaterThanOrEqual(4.5);
      expect(contrastOnPage(darkerShade(color))).toBeGreaterThanOrEqual(4.5);
    }), { numRuns: 300 });
  });

  test('contrast is that of WCAG', () => {
    expect([contrast('#000000', '#ffffff'), contrast('#777777', '#ffffff').toFixed(2)]).toEqual([21, '4.48']);
  });
});

describe('the logo', () => {
  test('an SVG or PNG file becomes a part of the page, with its size', () => {
    const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAYAAAD0In+KAAAAEUlEQVR4nGNkYPjPwMDAwAAABQkBAgBeHnIAAAAASUVORK5CYII=', 'base64');
    expect(page({ brand: { logo: RegistrationLogo.fromFile(file('logo.png', png)) } })?.logo).toEqual({
      dataUri: `data:image/png;base64,${png.toString('base64')}`, width: 2, height: 1,
    });
    expect(RegistrationLogo.fromFile(file('logo.svg', svg()))._config()).toMatchObject({ width: 40, height: 20 });
    expect(RegistrationLogo.fromFile(file('sized.svg', svg('', 'width="64px" height="32"')))._config()).toMatchObject({ width: 64, height: 32 });
  });

  test.each([
    ['too large', svg('x'.repeat(16_400)), 'give a file of at most 16384 bytes'],
    ['no image', 'GIF89a', 'give an SVG file with a viewBox'],
    ['without a size', svg('', ''), 'give an SVG file with a viewBox'],
    ['with a script', svg('<script>1</script>'), 'without scripts'],
    ['with an event handler', svg('<g onload="x()"></g>'), 'without event handlers'],
    ['with a reference', svg('<image href="https://example.com/x.png"/>'), 'without references to other files'],
    ['with an import', svg('<style>@import "x"</style>'), 'without references to other files'],
    ['with an entity', `<!DOCTYPE svg [<!ENTITY x "y">]>${svg()}`, 'without a document type or entities'],
  ])('a file that is %s is refused', (_, content, problem) => {
    expect(() => RegistrationLogo.fromFile(file('bad.svg', content))).toThrow(problem);
  });

  test('a dark logo needs a logo', () => {
    expect(() => page({ brand: { darkLogo: RegistrationLogo.fromFile(file('logo.svg', svg())) } })).toThrow('give a logo where there is a darkLogo');
  });
});

describe('the fields', () => {
  const choice = (...choices: string[]) => RegistrationField.choice('size', 'Size', choices);

  test('e-mail is always there and first', () => {
    const names = (...fields: RegistrationField[]) => page({ fields })?.fields?.map(({ name }) => name);
    expect(names(RegistrationField.company())).toEqual(['email', 'company']);
    expect(names(RegistrationField.contactName(), RegistrationField.email({ hint: 'For your log-in' }))).toEqual(['email', 'contactName']);
  });

  test.each([
    ['cardNumber', 'Number'], ['x', 'Credit card'], ['iban', 'Account'], ['cvc', 'Code'], ['pay', 'PayPal address'], ['x', 'Bank account'], ['x', 'Card number'],
  ])('a question like %s, "%s" is refused as payment data', (id, label) => {
    expect(() => RegistrationField.text(id, label)).toThrow('ask for no payment data: AWS Marketplace bills the buyer');
  });

  test.each([
    ['discard', 'What do you discard?'], ['cardiology', 'Which cardiology unit?'], ['embankment', 'Which embankment?'],
  ])('a question like %s is not', (id, label) => {
    expect(() => RegistrationField.text(id, label)).not.toThrow();
  });

  test.each<[string, () => unknown, string]>([
    ['an id that the form uses', () => RegistrationField.text('csrf', 'x'), 'none of email'],
    ['an id with a space', () => RegistrationField.text('a b', 'x'), 'give a letter'],
    ['an empty label', () => RegistrationField.text('a', ' '), 'give 1 to 200 characters'],
    ['a length of 0', () => RegistrationField.text('a', 'x', { maxLength: 0 }), 'from 1 to 1,000'],
    ['one choice', () => choice('a'), '2 to 50 different answers'],
    ['a choice twice', () => choice('a', 'a'), '2 to 50 different answers'],
    ['a consent without https', () => RegistrationField.consent('terms', 'x', 'http://example.com'), 'give an https URL'],
    ['a field twice', () => page({ fields: [RegistrationField.company(), RegistrationField.company()] }), 'give each field once'],
    ['too many fields', () => page({ fields: Array.from({ length: 20 }, (_, index) => RegistrationField.text(`q${index}`, 'x')) }), 'at most 20'],
    ['no steps', () => page({ nextSteps: [] }), '1 to 10 steps'],
    ['words for a field that is not there', () => page({ languages: [RegistrationLanguage.german({ labels: { phone: 'Telefon' } })] }), 'give ids of fields: email'],
  ])('%s is refused', (_, make, problem) => {
    expect(make).toThrow(problem);
  });
});

describe('the error pages of API Gateway', () => {
  const config = { productName: '<b>$context.identity "Acme"', supportEmail: 'support@example.com', supportUrl: 'https://example.com/$help' };

  test('the error pages of API Gateway have the name of the product, support, and a reference, and no other variable', () => {
    const html = errorPage(config);
    const text = parseHtml(html);
    expect(all(text, 'header')[0]?.text).toBe(config.productName);
    expect(all(text, 'a').map(({ attributes }) => attributes.href)).toEqual(['mailto:support@example.com', 'https://example.com/$help']);
    expect(html.match(/\$[a-z.]+/gi)).toEqual(['$context.requestId']);
  });

  test('what only CloudFormation knows is left out, because it cannot be escaped', () => {
    const html = errorPage({ productName: Token.asString({ Ref: 'Name' }), supportUrl: Token.asString({ Ref: 'Url' }) });
    expect(all(parseHtml(html), 'header')).toEqual([]);
    expect(html).not.toContain('Token');
  });

  test('the error pages of API Gateway have the headers of all other pages', () => {
    const { template } = integrate();
    const [[, { Properties: { ResponseParameters: headers } }]] = resources(template(), 'AWS::ApiGateway::GatewayResponse') as [[string, Resource]];
    expect(Object.keys(headers).map((name) => name.replace('gatewayresponse.header.', '')).sort()).toEqual([
      'Cache-Control', 'Content-Security-Policy', 'Content-Type', 'Cross-Origin-Opener-Policy', 'Cross-Origin-Resource-Policy', 'Permissions-Policy',
      'Referrer-Policy', 'Strict-Transport-Security', 'X-Content-Type-Options', 'X-Frame-Options',
    ]);
  });
});

test('the handler reads all that the props can say', () => {
  const config = Registration.hostedPage({
    ...COMPLETE,
    supportUrl: 'https://example.com/help',
    listingUrl: 'https://aws.amazon.com/marketplace/pp/prodview-1',
    termsUrl: 'https://example.com/terms',
    privacyUrl: 'https://example.com/privacy',
    brand: { name: 'Acme', logo: RegistrationLogo.fromFile(file('logo.svg', svg())), accentColor: '#4F3DF5' },
    fields: [
      RegistrationField.email({ hint: 'For your invitation' }), RegistrationField.contactName(), RegistrationField.phone({ required: false }),
      RegistrationField.choice('size', 'Size', ['1', '2']), RegistrationField.text('use', 'Use?', { maxLength: 5 }),
      RegistrationField.consent('terms', 'I agree.', 'https://example.com/terms', { required: false }),
    ],
    languages: [RegistrationLanguage.german({ labels: { size: 'Größe' }, nextSteps: ['Eine Einladung geht an {email}.'] })],
  })._config();
  const settings = JSON.stringify({ registration: config });
  file('settings.json', settings);
  expect(readSettings({ LAMBDA_TASK_ROOT: folder }, 'registration')).toEqual(JSON.parse(settings));
});

describe('the three ways to sign up', () => {
  const WAYS: Record<string, Registration> = {
    'the hosted page': Registration.hostedPage({ productName: 'Acme', afterRegistration: AfterRegistration.page() }),
    'an own sign-up page': Registration.ownSignUp('https://app.example.com/sign-up', { productName: 'Acme' }),
    'the hosted page and then an own app': Registration.hostedPage({ productName: 'Acme', afterRegistration: AfterRegistration.handOver('https://app.example.com/welcome') }),
    'the hosted page and then an own page': Registration.hostedPage({ productName: 'Acme', afterRegistration: AfterRegistration.redirect('https://www.example.com/thanks') }),
  };

  test.each(Object.keys(WAYS))('%s reaches the handler as settings', (way) => {
    const { stack } = integrate({ registration: WAYS[way] });
    expect(settingsOf(stack, 'Registration').settings.registration).toMatchSnapshot();
  });

  test('a URL that only CloudFormation knows reaches the handler as a variable', () => {
    const url = Token.asString({ Ref: 'Url' });
    const { template } = integrate({ registration: Registration.hostedPage({ afterRegistration: AfterRegistration.handOver(url) }) });
    template().hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: Match.objectLike({ REGISTRATION: { 'Fn::Join': ['', ['{"afterRegistration":{"kind":"HAND_OVER","url":"', { Ref: 'Url' }, '"}}']] } }) },
    });
  });

  test('a URL with a fragment, or without https, is refused', () => {
    expect(() => AfterRegistration.handOver('https://app.example.com/#welcome')).toThrow('registration.afterRegistration.url: received "https://app.example.com/#welcome"');
    expect(() => AfterRegistration.redirect('http://example.com')).toThrow('give an https URL');
  });

  test('a registration that continues in an own app needs no next steps for the review', () => {
    const { nextSteps, ...complete } = COMPLETE;
    const registration = Registration.hostedPage({ ...complete, afterRegistration: AfterRegistration.handOver('https://app.example.com/welcome') });
    Annotations.fromStack(integrate({ registration }).stack).hasNoWarning('*', Match.stringLikeRegexp('registration lacks'));
  });
});

describe('a flood of requests', () => {
  const stage = (props: Parameters<typeof integrate>[0]) => resources(integrate(props).template(), 'AWS::ApiGateway::Stage')[0]![1].Properties.MethodSettings;
  const concurrency = (props: Parameters<typeof integrate>[0]) => resources(integrate(props).template(), 'AWS::Lambda::Function')
    .map(([id, { Properties }]) => [id.replace(/HandlerFunction.*/, ''), Properties.ReservedConcurrentExecutions]).filter(([, reserved]) => reserved !== undefined);

  test('a flood of requests meets limits of the stage, which the seller may change', () => {
    expect(stage({})).toEqual([expect.objectContaining({ ThrottlingRateLimit: 10, ThrottlingBurstLimit: 20 })]);
    const registrationThrottling = { requestsPerSecond: 50, burst: 100 };
    expect(stage({ registrationThrottling })).toEqual([expect.objectContaining({ ThrottlingRateLimit: 50, ThrottlingBurstLimit: 100 })]);
  });

  test('a flood of requests cannot take the executions of other functions when some are reserved for registration', () => {
    expect(concurrency({})).toEqual([]);
    expect(concurrency({ registrationThrottling: { reservedConcurrency: 20 } })).toEqual([['MarketplaceRegistration', 20]]);
  });

  test.each([
    [{ requestsPerSecond: 0 }, 'requestsPerSecond: received 0; give a whole number from 1 to 10,000'],
    [{ burst: 1.5 }, 'burst: received 1.5; give a whole number from 1 to 10,000'],
    [{ reservedConcurrency: 0 }, 'reservedConcurrency: received 0; give a whole number from 2 to 10,000'],
  ])('a limit of %j is refused at synthesis', (registrationThrottling, message) => {
    expect(() => integrate({ registrationThrottling })).toThrow(`registrationThrottling.${message}`);
  });

  test('a flood of requests of one address is blocked by the web ACL, its POST requests earlier than others', () => {
    const rules = (webAcl?: RegistrationWebAcl) => resources(integrate({ webAcl }).template(), 'AWS::WAFv2::WebACL')[0]![1].Properties.Rules
      .filter(({ Statement }: any) => Statement.RateBasedStatement)
      .map(({ Name, Action, Statement: { RateBasedStatement: { Limit, ScopeDownStatement } } }: any) =>
        [Name, Action, Limit, ScopeDownStatement?.ByteMatchStatement.SearchString]);
    expect(rules()).toEqual([['RequestsPerAddress', { Block: {} }, 500, undefined], ['PostsPerAddress', { Block: {} }, 100, 'POST']]);
    expect(rules(RegistrationWebAcl.managed({ postsPerFiveMinutes: 30 }))[1]).toEqual(['PostsPerAddress', { Block: {} }, 30, 'POST']);
    expect(() => RegistrationWebAcl.managed({ postsPerFiveMinutes: 5 })).toThrow('webAcl.postsPerFiveMinutes: received 5; give a whole number from 10');
  });
});
