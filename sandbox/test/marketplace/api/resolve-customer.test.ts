import { DisabledApiException, ExpiredTokenException, InvalidTokenException, ResolveCustomerCommand } from '@aws-sdk/client-marketplace-metering';
import { BUYER, HOUR, LEGACY, MINUTE, Served, SUBSCRIPTION, MarketplaceFixture } from '../harness';

let world: MarketplaceFixture;
let served: Served;
beforeAll(async () => { served = await Served.start(() => world); });
afterAll(async () => served.stop());
beforeEach(() => { world = new MarketplaceFixture(); });

const resolve = async (RegistrationToken: string, region?: string) => served.metering(region).send(new ResolveCustomerCommand({ RegistrationToken }));

test('a token resolves to account, product and license, before any event was sent', async () => {
  const purchase = world.marketplace.purchase({ customerAwsAccountId: BUYER });

  const { $metadata, ...output } = await resolve(purchase.registrationToken);

  expect(output).toEqual({ CustomerAWSAccountId: BUYER, ProductCode: SUBSCRIPTION.productCode, LicenseArn: purchase.licenseArn });
  expect($metadata.requestId).toMatch(/^[0-9a-f-]{36}$/);
  expect(world.events).toEqual([]);
});

test('a token resolves to the same again within its four hours, and not after', async () => {
  const { registrationToken } = world.marketplace.purchase({});
  const first = await resolve(registrationToken);
  world.time.advance(4 * HOUR - 1);
  expect(await resolve(registrationToken)).toMatchObject({ LicenseArn: first.LicenseArn, CustomerAWSAccountId: first.CustomerAWSAccountId });

  world.time.advance(1);
  await expect(resolve(registrationToken)).rejects.toThrow(ExpiredTokenException);
});

test('a token of the Agreement API lives 30 minutes', async () => {
  const purchase = world.marketplace.purchase({});
  const { registrationToken } = world.act(purchase, 'token', { source: 'agreement-api' }) as { registrationToken: string };
  world.time.advance(30 * MINUTE - 1);
  expect(await resolve(registrationToken)).toMatchObject({ LicenseArn: purchase.licenseArn });
  world.time.advance(1);
  await expect(resolve(registrationToken)).rejects.toThrow(ExpiredTokenException);
  expect(await resolve(purchase.registrationToken)).toMatchObject({ LicenseArn: purchase.licenseArn });
});

test('setting up the account again gives another token for the same agreement', async () => {
  const purchase = world.marketplace.purchase({});
  const again = world.act(purchase, 'token') as unknown as typeof purchase;

  expect(again).toMatchObject({ agreementId: purchase.agreementId, licenseId: purchase.licenseId });
  expect(again.registrationToken).not.toBe(purchase.registrationToken);
  expect(again.fulfillment.fields['x-amzn-marketplace-token']).toBe(again.registrationToken);
  expect(await resolve(again.registrationToken)).toMatchObject({ LicenseArn: purchase.licenseArn });
  expect(world.marketplace.state().agreements).toHaveLength(1);
});

test('a token that was never issued is invalid', async () => {
  await expect(resolve('no-such-token')).rejects.toThrow(InvalidTokenException);
  await expect(resolve('')).rejects.toMatchObject({ name: 'ValidationException', $metadata: { httpStatusCode: 400 } });
});

test('the API is disabled where AWS does not offer it', async () => {
  const { registrationToken } = world.marketplace.purchase({});
  await expect(resolve(registrationToken, 'us-gov-west-1')).rejects.toThrow(DisabledApiException);
  expect(await resolve(registrationToken, 'eu-central-1')).toHaveProperty('LicenseArn');
});

test('the license can be missing from the first answer, or until License Updated', async () => {
  world.set({ 'registration.licenseArn': 'missing-on-first-call' });
  const first = world.marketplace.purchase({});
  expect(await resolve(first.registrationToken)).not.toHaveProperty('LicenseArn');
  expect(await resolve(first.registrationToken)).toHaveProperty('LicenseArn', first.licenseArn);

  world.set({ 'registration.licenseArn': 'missing-until-license-updated' });
  const second = world.marketplace.purchase({});
  world.time.advance(71_000);
  expect(await resolve(second.registrationToken)).not.toHaveProperty('LicenseArn');
  world.time.advance(1_000);
  expect(await resolve(second.registrationToken)).toHaveProperty('LicenseArn', second.licenseArn);
});

test.each([['empty', ''], ['null', null], ['absent', undefined]])('CustomerIdentifier of a new product can be %s', (value, expected) => {
  world.set({ 'registration.customerIdentifier': value });
  const { registrationToken } = world.marketplace.purchase({});
  const { body } = world.wire('AWSMPMeteringService.ResolveCustomer', { RegistrationToken: registrationToken });
  expect(body.CustomerIdentifier).toBe(expected);
});

test('a legacy product still gets the customer identifier, the same for each purchase of a buyer', async () => {
  world = new MarketplaceFixture([LEGACY]);
  const first = world.subscribe();
  const { CustomerIdentifier } = await resolve(first.registrationToken);
  world.act(first, 'cancel');
  const second = world.subscribe();

  expect(CustomerIdentifier).toMatch(/^[0-9a-z]{11}$/);
  expect(await resolve(second.registrationToken)).toMatchObject({ CustomerIdentifier, LicenseArn: second.licenseArn });
});

test('single-use tokens are a switch', async () => {
  world.set({ 'registration.singleUseTokens': true });
  const { registrationToken } = world.marketplace.purchase({});
  await resolve(registrationToken);
  await expect(resolve(registrationToken)).rejects.toThrow(InvalidTokenException);
});
