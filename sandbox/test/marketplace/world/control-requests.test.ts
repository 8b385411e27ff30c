import { ControlError } from '../../../src/errors';
import { SETTINGS } from '../../../src/marketplace';
import { CONTRACT, OTHER_SUBSCRIPTION, SELLER, START, SUBSCRIPTION, MarketplaceFixture } from '../harness';

let world: MarketplaceFixture;
beforeEach(() => { world = new MarketplaceFixture([SUBSCRIPTION, CONTRACT]); });

function refusal(run: () => unknown): ControlError {
  try {
    run();
  } catch (error) {
    if (error instanceof ControlError) {
      return error;
    }
    throw error;
  }
  throw new Error('It was not refused');
}

describe('purchase', () => {
  test('the buyer\'s form carries the token, and free-trial only for a trial', () => {
    const plain = world.marketplace.purchase({ productCode: SUBSCRIPTION.productCode });
    const trial = world.marketplace.purchase({ productCode: SUBSCRIPTION.productCode, freeTrial: true });
    expect(plain.fulfillment).toEqual({
      url: 'https://seller.example/register', fields: { 'x-amzn-marketplace-token': plain.registrationToken },
    });
    expect(trial.fulfillment.fields).toEqual({
      'x-amzn-marketplace-token': trial.registrationToken, 'x-amzn-marketplace-offer-type': 'free-trial',
    });
  });

  test('the observed hints are a switch', () => {
    world.set({ 'registration.fulfillmentHints': true });
    const { agreementId, fulfillment } = world.marketplace.purchase({ productCode: SUBSCRIPTION.productCode });
    expect(fulfillment.fields).toMatchObject({
      'x-amzn-marketplace-agreement-id': agreementId,
      'x-amzn-marketplace-product-id': expect.stringMatching(/^prod-/),
      'x-amzn-marketplace-fulfillment-url': 'https://seller.example/register',
    });
  });

  test('each purchase without an account is another buyer; one account can buy twice', () => {
    const buy = (customerAwsAccountId?: string) => world.marketplace.purchase({ productCode: SUBSCRIPTION.productCode, customerAwsAccountId });
    const [one, two] = [buy(), buy()];
    expect(two.customerAwsAccountId).not.toBe(one.customerAwsAccountId);
    expect(buy(one.customerAwsAccountId).licenseId).not.toBe(one.licenseId);
  });

  test('the only product need not be named', () => {
    expect(new MarketplaceFixture([OTHER_SUBSCRIPTION]).marketplace.purchase(undefined)).toHaveProperty('agreementId');
  });

  test.each<[string, unknown, number, string]>([
    ['no product of several', {}, 400, 'productCode'],
    ['the seller as the buyer', { productCode: SUBSCRIPTION.productCode, customerAwsAccountId: SELLER }, 409, SELLER],
    ['an unknown product', { productCode: 'nosuch' }, 404, 'nosuch'],
    ['an unknown field', { productCode: SUBSCRIPTION.productCode, colour: 'red' }, 400, 'colour'],
    ['a malformed account', { productCode: SUBSCRIPTION.productCode, customerAwsAccountId: '12' }, 400, 'customerAwsAccountId'],
    ['quantities of a subscription', { productCode: SUBSCRIPTION.productCode, quantities: { Users: 1 } }, 400, 'quantities'],
    ['an unknown dimension', { productCode: CONTRACT.productCode, quantities: { Seats: 1 } }, 400, 'Seats'],
    ['a negative amount', { productCode: CONTRACT.productCode, quantities: { Users: -1 } }, 400, 'quantities.Users'],
    ['an end before the start', { productCode: CONTRACT.productCode, endTime: new Date(START).toISOString() }, 400, 'endTime'],
    ['a start in the past', { productCode: CONTRACT.productCode, startTime: new Date(START - 1).toISOString() }, 400, 'startTime'],
    ['a time that is none', { productCode: CONTRACT.productCode, endTime: 'soon' }, 400, 'endTime'],
    ['renewal without an end', { productCode: SUBSCRIPTION.productCode, autoRenewal: true }, 400, 'autoRenewal'],
    ['a body that is no object', 'buy', 400, 'object'],
  ])('%s is refused, and nothing is sold', (_, body, status, named) => {
    const error = refusal(() => world.marketplace.purchase(body));
    expect(error.status).toBe(status);
    expect(error.message).toContain(named);
    expect(world.marketplace.state().agreements).toEqual([]);
    expect(world.time.pending()).toBe(0);
  });

  test('an account has one free trial of a product', () => {
    const trial = { productCode: SUBSCRIPTION.productCode, freeTrial: true, customerAwsAccountId: '123456789012' };
    world.marketplace.purchase(trial);
    expect(refusal(() => world.marketplace.purchase(trial))).toMatchObject({ status: 409, code: 'FreeTrialUsed' });
  });
});

describe('agreements', () => {
  test('unknown ones and unknown actions are not found', () => {
    const { agreementId } = world.marketplace.purchase({ productCode: SUBSCRIPTION.productCode });
    expect(refusal(() => world.marketplace.agreement('agmt-none', 'cancel', {}))).toMatchObject({ status: 404, code: 'UnknownAgreement' });
    expect(refusal(() => world.marketplace.agreement(agreementId, 'explode', {}))).toMatchObject({ status: 404, code: 'UnknownAction' });
    expect(refusal(() => world.marketplace.agreement(agreementId, 'cancel', { why: 'x' }))).toMatchObject({ status: 400, code: 'InvalidRequest' });
    expect(refusal(() => world.marketplace.agreement(agreementId, 'amend', { quantities: { Users: 1 } }))).toMatchObject({ status: 400 });
    expect(world.marketplace.state().agreements).toMatchObject([{ status: 'ACTIVE' }]);
  });
});

describe('settings', () => {
  test('each names its value, what is allowed, its facts, and what it does', () => {
    const { settings } = world.marketplace.settings.list();
    expect(settings.map((setting) => setting.name)).toEqual(Object.keys(SETTINGS));
    for (const setting of settings) {
      expect(setting).toEqual({
        name: expect.stringMatching(/^[a-z]+\.[a-zA-Z]+$/),
        value: setting.default,
        default: expect.anything(),
        allowed: expect.anything(),
        facts: expect.stringMatching(/\/docs\/marketplace-facts\.md#f-\d/),
        description: expect.stringMatching(/^.{10,}\.$/s),
      });
    }
  });

  test('a default is restored by null', () => {
    const value = (name: string) => world.marketplace.settings.list().settings.find((setting) => setting.name === name)?.value;
    world.set({ 'metering.maxAgeHours': 6, 'metering.monthEnd': 'lenient' });
    expect([value('metering.maxAgeHours'), value('metering.monthEnd')]).toEqual([6, 'lenient']);
    world.set({ 'metering.maxAgeHours': null });
    expect([value('metering.maxAgeHours'), value('metering.monthEnd')]).toEqual([24, 'lenient']);
  });

  test.each<[string, unknown, string]>([
    ['an unknown name', { 'metering.speed': 1 }, 'UnknownSetting'],
    ['a name every object has', { constructor: 1 }, 'UnknownSetting'],
    ['a value that is not allowed', { 'metering.finalWindow': 'forever' }, 'InvalidSetting'],
    ['a negative number', { 'metering.callsPerSecond': -1 }, 'InvalidSetting'],
    ['half a call', { 'metering.callsPerSecond': 0.5 }, 'InvalidSetting'],
    ['text for a number', { 'metering.callsPerSecond': '10' }, 'InvalidSetting'],
    ['a list', [], 'InvalidSettings'],
  ])('%s is refused, and nothing changes', (_, body, code) => {
    const before = world.marketplace.settings.list();
    const error = refusal(() => world.marketplace.settings.set(Array.isArray(body) ? body : { 'metering.monthEnd': 'lenient', ...body as object }));
    expect(error).toMatchObject({ status: 400, code });
    expect(world.marketplace.settings.list()).toEqual(before);
  });
});
