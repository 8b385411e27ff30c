import * as http from 'node:http';
import { CfnOutput, SecretValue } from 'aws-cdk-lib';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { ApiDestination, Authorization, Connection } from 'aws-cdk-lib/aws-events';
import { ApiDestination as ApiDestinationTarget } from 'aws-cdk-lib/aws-events-targets';
import { EmailIdentity } from 'aws-cdk-lib/aws-ses';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { SqsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { AfterRegistration, Dimension, MeteringMode, Registration, RegistrationDomain, RegistrationNotice, UsageMetric, WelcomeEmail } from '../../src';
import { integrate, provisioning, synthesize } from '../support/e2e/assemblies';
import { Product } from '../support/e2e/product';
import { used } from '../support/e2e/usage';
import { useProduct } from '../support/e2e/use-product';

jest.setTimeout(120_000);

const ONE = '4ml54db8vrmjuykaw1psroool';
const OTHER = 'b7vnw5o2k1xq9zj4ty8c3dfgh';
/** As many as a product may have: more than the environment of a function has room for. */
const DIMENSIONS = Array.from({ length: 200 }, (_, i) => Dimension.metered(`Dimension${String(i).padStart(6, '0')}`, { metrics: [UsageMetric.of(`metric-${i}`)] }));
const DOMAIN = 'marketplace.example.com';
const WELCOME = 'https://app.example.com/welcome';
const SIGN_UP = 'https://app.example.com/sign-up?from=aws';

/** Two products below one domain, one of them with 200 dimensions, and a second deployment of the first that must never send. */
const on = useProduct(() => synthesize((stack) => {
  const certificate = Certificate.fromCertificateArn(stack, 'Certificate', 'arn:aws:acm:us-east-1:111122223333:certificate/a');
  const team = new Topic(stack, 'Team');
  const desk = new Queue(stack, 'Desk');
  team.addSubscription(new SqsSubscription(desk, { rawMessageDelivery: true }));
  new CfnOutput(stack, 'OneDeskUrl', { value: desk.queueUrl });
  const inner = new Topic(stack, 'Inner');
  const safe = new Queue(stack, 'Safe');
  inner.addSubscription(new SqsSubscription(safe, { rawMessageDelivery: true }));
  new CfnOutput(stack, 'OneSafeUrl', { value: safe.queueUrl });
  const ofOne = integrate(stack, {
    prefix: 'One',
    registration: Registration.hostedPage({
      afterRegistration: AfterRegistration.handOver(WELCOME),
      welcomeEmail: WelcomeEmail.ses({
        identity: EmailIdentity.fromEmailIdentityName(stack, 'Identity', 'example.com'), sender: 'One <hello@example.com>', confirmAddress: true,
      }),
    }),
    registrationDomain: RegistrationDomain.withCertificate(DOMAIN, certificate, { basePath: 'one' }),
    registrationNotices: [
      RegistrationNotice.topic(team),
      RegistrationNotice.email('sales@example.com'),
      RegistrationNotice.topic(inner, { includeContact: true }),
    ],
  });
  provisioning(stack, ofOne, 'ProvisionOne', { retryAttempts: 2 });
  const crm = new Connection(stack, 'Crm', { authorization: Authorization.apiKey('x-key', SecretValue.unsafePlainText('secret')) });
  ofOne.onSubscriptionActivated('ToCrm', {
    target: new ApiDestinationTarget(new ApiDestination(stack, 'CrmEvents', { connection: crm, endpoint: 'https://crm.example.com/events' }), { retryAttempts: 2 }),
  });
  provisioning(stack, integrate(stack, {
    prefix: 'Other',
    productCode: OTHER,
    dimensions: DIMENSIONS,
    reportZeroUsage: false,
    registration: Registration.ownSignUp(SIGN_UP),
    registrationDomain: RegistrationDomain.existing(ofOne.registrationDomain!, { basePath: 'other' }),
  }), 'ProvisionOther');
  integrate(stack, { prefix: 'Staging', metering: MeteringMode.DRY_RUN });
}));

function products(): { one: Product; other: Product; staging: Product } {
  return { one: new Product(on.sandbox, 'One'), other: new Product(on.sandbox, 'Other'), staging: new Product(on.sandbox, 'Staging') };
}

async function licensesOf(product: Product): Promise<string[]> {
  const items = await product.items('SubscriptionsTableName');
  return items.filter(({ type }) => type === 'Subscription').map(({ licenseId }) => String(licenseId)).sort();
}

/** What the browser of a buyer gets for the post of AWS Marketplace. */
async function arrive(fulfillment: { readonly url: string; readonly fields: Readonly<Record<string, string>> }): Promise<URL> {
  const answer = await fetch(fulfillment.url, { method: 'POST', body: new URLSearchParams(fulfillment.fields), redirect: 'manual' });
  expect(answer.status).toBe(303);
  return new URL(answer.headers.get('location') ?? '');
}

test('two products in one stack share no subscriptions, usage or events', async () => {
  const { one, other } = products();
  const first = await one.subscriber({ productCode: ONE });
  const second = await other.subscriber({ productCode: OTHER });
  expect(await licensesOf(one)).toEqual([first.licenseId]);
  expect(await licensesOf(other)).toEqual([second.licenseId]);
  expect(new URL(first.fulfillment.url).pathname).not.toBe(new URL(second.fulfillment.url).pathname);

  await used(one, first.licenseId, 3);
  await other.send({ id: 'of-other', license: second.licenseId, metric: 'metric-199', quantity: 4, time: await other.now() });
  // the other product has no such dimension
  await used(other, second.licenseId, 5, { dimension: 'StorageGb' });
  await one.advance('PT1H30M');
  const { meteringRecords } = await on.sandbox.state();
  expect(meteringRecords.filter(({ quantity }) => quantity > 0).map(({ productCode, licenseId, quantity }) => [productCode, licenseId, quantity])
    .sort()).toEqual([[ONE, first.licenseId, 3], [OTHER, second.licenseId, 4]].sort());
  const named = (await one.events()).map(({ detail }) => [detail.productCode, detail.licenseId]);
  expect(new Set(named.map((pair) => pair.join()))).toEqual(new Set([`${ONE},${first.licenseId}`, `${OTHER},${second.licenseId}`]));

  const logs = Object.entries(await on.sandbox.logs()).filter(([name]) => name.includes('Provision'));
  const provisioned = logs.map(([name, lines]) => [name.includes('ProvisionOne') ? 'One' : 'Other', lines.filter((line) => line.includes('Activated'))]);
  expect(Object.fromEntries(provisioned)).toEqual({
    One: [expect.stringContaining(first.licenseId)], Other: [expect.stringContaining(second.licenseId)],
  });
});

test('a buyer whose provisioning failed for good is provisioned by a replay of the event, which a queue has kept', async () => {
  const { one } = products();
  on.expectAtEnd({ deadLetters: { ProvisionOneMarketplaceFailedEvents: 1 } });
  await on.sandbox.addFault({ service: 'lambda', function: 'ProvisionOne', operation: 'Invoke', error: 'ProvisioningFailed', times: 3 });
  const { licenseId } = await one.subscriber({ productCode: ONE });
  await one.advance('PT15M');
  await on.sandbox.clearFaults();
  const provisioned = async () => Object.entries(await on.sandbox.logs()).filter(([name]) => name.includes('ProvisionOne'))
    .flatMap(([, lines]) => lines).filter((line) => line.includes('Subscription Activated'));
  expect(await provisioned()).toEqual([]);

  const answer = await one.invoke('ReconciliationFunctionName', { replay: { license: licenseId, event: 'Subscription Activated' } });
  expect(answer).toMatchObject({ replayed: [{ type: 'Subscription Activated' }] });
  await one.advance('PT1M');
  expect(await provisioned()).toEqual([expect.stringContaining(licenseId)]);
});

test.each([
  ['that is no function', { operation: 'InvokeApiDestination' }, 'ToCrm'],
  ['whose invocation is refused', { operation: 'InvokeFunction', function: 'ProvisionOne' }, 'ProvisionOne'],
])('an event that cannot be delivered to a target %s is kept in a queue of the rule, and its alarm goes off', async (_target, fault, owner) => {
  const { one } = products();
  const queue = `${owner}MarketplaceFailedEvents`;
  const alarm = async () => (await on.sandbox.state()).alarms.filter(({ logicalId }) => logicalId.includes(owner)).map(({ state }) => state);
  expect(await alarm()).toEqual(['OK']);
  await on.sandbox.addFault({ service: 'events', error: 'NoPermissions', times: 3, ...fault });
  const { licenseId } = await one.subscriber({ productCode: ONE });
  await one.advance('PT15M');
  on.expectAtEnd({ deadLetters: { [queue]: 1 } });
  expect(await alarm()).toEqual(['ALARM']);
  expect((await on.sandbox.state()).lostEvents).toEqual([]);
  expect(await one.deadLetters(queue)).toEqual([expect.stringContaining(licenseId)]);
});

test('the token of one product opens no registration of another product', async () => {
  const { one } = products();
  const first = await one.subscriber({ productCode: ONE });
  const second = await one.subscriber({ productCode: OTHER });
  const answer = await fetch(first.fulfillment.url, { method: 'POST', body: new URLSearchParams(second.fulfillment.fields), redirect: 'manual' });
  expect(answer.status).toBe(400);
  expect((await one.events('Buyer Registered'))).toEqual([]);
});

test('a buyer registers at the domain of the seller, and continues in the app of the seller with a code', async () => {
  const { one, other } = products();
  const { fulfillment, licenseId } = await one.subscriber({ productCode: ONE });
  expect(fulfillment.url).toBe(`${on.sandbox.endpoint}/_domains/${DOMAIN}/one/`);
  expect([one.output('FulfillmentUrl'), other.output('FulfillmentUrl')]).toEqual([fulfillment.url, fulfillment.url.replace('/one/', '/other/')]);

  const there = await visit('POST', '/one', new URLSearchParams(fulfillment.fields));
  const [cookie = ''] = there.headers['set-cookie'] ?? [];
  expect(cookie).toMatch(/^__Secure-registration-[\w-]{16}=[\w-]{43}; Max-Age=3600; Path=\/one\/register\/[\w-]{16}; HttpOnly; Secure; SameSite=Lax$/);
  const url = new URL(there.headers.location ?? '', `https://${DOMAIN}/one`);
  const page = await visit('GET', url.pathname, undefined, cookie.split(';')[0]);
  expect([page.statusCode, page.body]).toEqual([200, expect.stringContaining('Set up your account')]);
  const csrf = /name="csrf" value="([^"]+)"/.exec(page.body)?.[1] ?? '';
  const form = new URLSearchParams({ csrf, email: 'jo@example.com', contactName: 'Jo', company: 'Acme' });
  const action = new URL(/<form [^>]*action="([^"]+)"/.exec(page.body)?.[1] ?? '', url).pathname;
  const handedOver = new URL((await visit('POST', action, form, cookie.split(';')[0])).headers.location ?? '');
  expect(handedOver.origin + handedOver.pathname).toBe(WELCOME);

  const code = handedOver.searchParams.get('code');
  const claimed = await one.invoke('RegistrationFunctionName', { claimRegistration: { code, claimId: 'a' } });
  expect(claimed).toMatchObject({ licenseId, status: 'ACTIVE', registeredBefore: false });
  await one.advance('PT1M');
  expect((await one.events('Buyer Registered')).map(({ detail }) => detail.registrationId)).toEqual([claimed.registrationId]);
  expect(JSON.stringify(await on.sandbox.logs())).not.toContain(code);
  expect(await one.received('DeskUrl')).toEqual([expect.stringMatching(new RegExp(
    `A buyer has registered. AWS account: 111122223333, subscription: ${licenseId}, status: ACTIVE, registered before: false, registration: ${claimed.registrationId}`))]);

  // The team may have the contact, which is in no event or log.
  expect(await one.received('SafeUrl')).toEqual([expect.stringContaining(`Registration: ${claimed.registrationId}\nProduct: ${ONE}\n\nE-mail: jo@example.com\nName: Jo\nCompany: Acme\n`)]);
  const { emails } = await on.sandbox.state();
  expect(emails).toEqual([expect.objectContaining({ from: 'One <hello@example.com>', to: ['jo@example.com'] })]);
  const link = /https?:\S+\/confirm\/\S+/.exec(emails[0]?.text ?? '')?.[0] ?? '';
  expect(link.startsWith(`${one.output('FulfillmentUrl')}confirm/${claimed.registrationId}.`)).toBe(true);
  const asked = await (await fetch(link)).text();
  expect(asked).toContain('Confirm your email address');
  const confirm = new URL(/<form [^>]*action="([^"]+)"/.exec(asked)?.[1] ?? '', link);
  expect(await (await fetch(confirm, { method: 'POST', body: new URLSearchParams() })).text()).toContain('Your email address is confirmed');
  await one.advance('PT1M');
  expect((await one.events('Buyer Email Confirmed')).map(({ detail }) => detail.registrationId)).toEqual([claimed.registrationId]);
  expect(JSON.stringify([await on.sandbox.logs(), (await on.sandbox.state()).events])).not.toMatch(new RegExp(`jo@example|${link.split('.').at(-1)}`));
});

/** A request to the domain, as a browser sends it once DNS leads it here. */
async function visit(method: string, path: string, form?: URLSearchParams, cookie = ''): Promise<http.IncomingMessage & { readonly body: string }> {
  const { port } = new URL(on.sandbox.endpoint);
  const headers = { Host: DOMAIN, Cookie: cookie, ...form && { 'Content-Type': 'application/x-www-form-urlencoded' } };
  return new Promise((resolve, reject) => {
    const request = http.request({ host: '127.0.0.1', port, method, path, headers }, async (answer) => {
      const chunks: Buffer[] = [];
      for await (const chunk of answer) {
        chunks.push(chunk as Buffer);
      }
      resolve(Object.assign(answer, { body: Buffer.concat(chunks).toString() }));
    });
    request.on('error', reject);
    request.end(form?.toString());
  });
}

test('a deployment in dry run sends nothing, and logs what it would have sent', async () => {
  const { one, staging } = products();
  const { licenseId } = await one.subscriber({ productCode: ONE });
  await used(one, licenseId, 3);
  await used(staging, licenseId, 8);
  await one.advance('PT1H30M');
  expect(await one.billedHours(licenseId)).toEqual({ '2026-11-16T08': 3 });
  const activated = await one.events('Subscription Activated');
  expect(activated.map(({ detail }) => [detail.licenseId, detail.metering]).sort()).toEqual([[licenseId, undefined], [licenseId, 'DRY_RUN']].sort());
  expect(await staging.hour(licenseId, 'ApiCalls', '2026-11-16T08')).toMatchObject({ state: 'DRY_RUN', quantity: 8 });
  const callers = (await on.sandbox.calls()).filter(({ operation }) => operation === 'BatchMeterUsage').map(({ logicalId }) => logicalId);
  expect(callers.length).toBeGreaterThan(0);
  expect(callers.filter((logicalId) => logicalId.startsWith('Staging'))).toEqual([]);
  const log = Object.entries(await on.sandbox.logs()).filter(([name]) => name.includes('StagingMarketplaceMetering')).flatMap(([, lines]) => lines);
  expect(log.filter((line) => line.includes('would have been metered') && line.includes('"quantity":8'))).toHaveLength(1);
});

test('a buyer arrives at the own sign-up page of the seller with a one-time code, which the backend redeems', async () => {
  const { other } = products();
  const bought = await on.sandbox.purchase({ productCode: OTHER, customerAwsAccountId: '111122223333', freeTrial: true });
  const signUp = await arrive(bought.fulfillment);
  expect(signUp.href).toMatch(/^https:\/\/app\.example\.com\/sign-up\?from=aws&code=[\w-]{43}$/);
  expect(signUp.href).not.toContain(bought.registrationToken);

  const code = signUp.searchParams.get('code');
  const claim = async (claimId = 'a') => other.invoke<Record<string, unknown>>('RegistrationFunctionName', { claimRegistration: { code, claimId } });
  const claimed = await claim();
  expect(claimed).toMatchObject({ licenseId: bought.licenseId, licenseArn: bought.licenseArn, customerAwsAccountId: '111122223333', productCode: OTHER, freeTrial: true, registeredBefore: false });
  expect(await claim()).toEqual(claimed);
  expect(await claim('b')).toMatchObject({ error: { code: 'INVALID_CODE' } });
  await other.advance('PT5M');
  expect(await claim()).toMatchObject({ error: { code: 'INVALID_CODE' } });
  expect((await other.events()).map((event) => event['detail-type']).sort()).toEqual(['Buyer Registered', 'Subscription Activated']);
  expect(await other.statusOf(bought.licenseId)).toBe('ACTIVE');
  const logs = JSON.stringify(await on.sandbox.logs());
  expect([code, bought.registrationToken].filter((secret) => logs.includes(String(secret)))).toEqual([]);
});
