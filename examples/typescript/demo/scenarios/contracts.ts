import { Scenario } from '../scenario';
import { World } from '../world';

const ACCOUNT = '111122223333';

/** ISO 8601, so many days from now. */
async function inDays(world: World, days: number): Promise<string> {
  return new Date(Date.parse(await world.now()) + days * 86_400_000).toISOString();
}

/** How each change of entitlements reached the app: `Users: 10 -> 25`. */
async function changesOf(world: World, licenseId: string): Promise<string[]> {
  const events = await world.events('Entitlement Changed', licenseId);
  return events.flatMap(({ detail }) => (detail.changes as Change[])
    .map(({ dimension, before, after }) => `${dimension}: ${before?.value ?? 'none'} -> ${after?.value ?? 'none'}`));
}

interface Change {
  readonly dimension: string;
  readonly before?: { readonly value: unknown };
  readonly after?: { readonly value: unknown };
}

export const CONTRACTS: readonly Scenario[] = [
  {
    name: 'contract-bought',
    title: 'a buyer of a contract registers, has a tenant and the plan that was bought, and no usage is metered',
    product: 'contract',
    play: async ({ world, say, check }) => {
      await say('a buyer pays for 10 users for a year');
      const bought = await world.purchase({ customerAwsAccountId: ACCOUNT, quantities: { Users: 10 }, endTime: await inDays(world, 365) });
      await check('the registration page says', await world.register(bought), 'You are all set');
      await check('until AWS activates the license the buyer may use', await world.planOf(bought.licenseId), {});
      await world.advance('PT2M');
      await check('the subscription is', await world.statusOf(bought.licenseId), 'ACTIVE');
      await check('the app\'s plan', await world.planOf(bought.licenseId), { Users: 10 });
      await check('one GetItem answers', await world.entitled(bought.licenseId), { Users: 10 });
      await check('the tenant is', (await world.tenantOf(bought.licenseId)).split(' ')[0], 'opened');
      await check('calls of BatchMeterUsage', (await world.sandbox.state()).meteringCalls.total, 0);
    },
  },
  {
    name: 'contract-four-types',
    title: 'a contract has whole and fractional numbers, texts and yes or no, and the app gets each as AWS sent it',
    product: 'contract',
    play: async ({ world, say, check }) => {
      await say('a buyer pays for no user yet, 2.5 TB, the gold tier, and no single sign-on');
      const quantities = { Users: 0, StorageTb: 2.5, Tier: 'gold', Sso: false };
      const { licenseId } = await world.subscriber({ quantities });
      await check('the app\'s plan', await world.planOf(licenseId), quantities);
      const [event] = await world.events('Entitlement Changed', licenseId);
      const entitlements = event.detail.entitlements as Record<string, { readonly valueType: string }>;
      const types = Object.fromEntries(Object.entries(entitlements).map(([name, { valueType }]) => [name, valueType]));
      await check('types in the event', types, { Users: 'INTEGER', StorageTb: 'DOUBLE', Tier: 'STRING', Sso: 'BOOLEAN' });
    },
  },
  {
    name: 'contract-upgraded',
    title: 'a buyer of a contract buys more users, and the app has them at once',
    product: 'contract',
    play: async ({ world, say, check }) => {
      const { licenseId, agreementId } = await world.subscriber({ quantities: { Users: 10 } });
      await say('ten users become 25');
      await world.sandbox.agreement(agreementId, 'amend', { quantities: { Users: 25 } });
      await world.advance('PT2M');
      await check('the app\'s plan', await world.planOf(licenseId), { Users: 25 });
      await check('the app was sent', await changesOf(world, licenseId), ['Users: none -> 10', 'Users: 10 -> 25']);
      const [, upgrade] = await world.events('Entitlement Changed', licenseId);
      await check('the difference', (upgrade.detail.changes as { difference: number }[]).map(({ difference }) => difference), [15]);
    },
  },
  {
    name: 'contract-downgraded',
    title: 'a contract is amended to fewer users, and the app has fewer',
    product: 'contract',
    play: async ({ world, say, check }) => {
      const { licenseId, agreementId } = await world.subscriber({ quantities: { Users: 25 } });
      await say('25 users become five');
      await world.sandbox.agreement(agreementId, 'amend', { quantities: { Users: 5 } });
      await world.advance('PT2M');
      await check('the app\'s plan', await world.planOf(licenseId), { Users: 5 });
      await check('the app was sent', await changesOf(world, licenseId), ['Users: none -> 25', 'Users: 25 -> 5']);
    },
  },
  {
    name: 'contract-renewed',
    title: 'a contract that AWS renews under the same license stays entitled beyond its first end, and expires at its second',
    product: 'contract',
    play: async ({ world, say, check }) => {
      const { licenseId, agreementId } = await world.subscriber({ quantities: { Users: 10 }, endTime: await inDays(world, 30) });
      await world.pass('P29D');
      await say('a day before its end the buyer renews the contract for 30 days, with twelve users');
      await world.sandbox.agreement(agreementId, 'renew', { quantities: { Users: 12 }, endTime: await inDays(world, 30) });
      await world.pass('P3D');
      await check('beyond the first end the subscription is', await world.statusOf(licenseId), 'ACTIVE');
      await check('the app\'s plan', await world.planOf(licenseId), { Users: 12 });
      await check('ends that the app was sent', await world.sent(licenseId, 'Subscription Ending', 'Subscription Ended'), []);
      await world.pass('P28D');
      await check('beyond the second end it is', await world.statusOf(licenseId), 'ENDED');
      await check('the app was sent', await changesOf(world, licenseId), ['Users: none -> 10', 'Users: 10 -> 12', 'Users: 12 -> none']);
    },
  },
  {
    name: 'contract-renewed-new-license',
    title: 'a renewal under a new license moves the entitlements to that license',
    product: 'contract',
    play: async ({ world, say, check }) => {
      await world.sandbox.set({ 'renewal.license': 'new' });
      const old = await world.subscriber({ quantities: { Users: 10 } });
      await say('the buyer renews, with twelve users, and AWS makes another license');
      await world.sandbox.agreement(old.agreementId, 'renew', { quantities: { Users: 12 } });
      await world.advance('PT1H');
      const { subscriptions } = await world.sandbox.state();
      const renewed = String(subscriptions.find(({ licenseId }) => licenseId !== old.licenseId)?.licenseId);
      await check('plan of the new license', await world.planOf(renewed), { Users: 12 });
      await check('plan of the old license', await world.planOf(old.licenseId), {});
      await check('the app was sent for the new license', await changesOf(world, renewed), ['Users: none -> 12']);
      await check('ends that the app was sent for the new license', await world.sent(renewed, 'Subscription Ending', 'Subscription Ended'), []);
    },
  },
  {
    name: 'contract-expired',
    title: 'a contract expires, and its tenant is closed and entitled to nothing',
    product: 'contract',
    play: async ({ world, say, check }) => {
      const { licenseId } = await world.subscriber({ quantities: { Users: 10 }, endTime: await inDays(world, 10) });
      await say('ten days pass, and the buyer does not renew');
      await world.pass('P9DT20H');
      await check('four hours before the end, the app\'s plan', await world.planOf(licenseId), { Users: 10 });
      await world.pass('PT8H');
      await check('the subscription is', await world.statusOf(licenseId), 'ENDED');
      await check('the app\'s plan', await world.planOf(licenseId), {});
      await check('the tenant is', (await world.tenantOf(licenseId)).split(' ')[0], 'closed');
    },
  },
  {
    name: 'contract-cancelled-early',
    title: 'a contract that is cancelled before its end entitles to nothing from then on',
    product: 'contract',
    play: async ({ world, say, check }) => {
      const { licenseId, agreementId } = await world.subscriber({ quantities: { Users: 10 }, endTime: await inDays(world, 365) });
      await say('AWS cancels the contract, eleven months before its end');
      await world.sandbox.agreement(agreementId, 'cancel');
      await world.advance('PT2M');
      await check('the app\'s plan', await world.planOf(licenseId), {});
      await world.advance('PT2H');
      await check('the subscription is', await world.statusOf(licenseId), 'ENDED');
      await check('the tenant is', (await world.tenantOf(licenseId)).split(' ')[0], 'closed');
    },
  },
  {
    name: 'contract-starts-later',
    title: 'a contract that starts in five days is pending until then, says why, and raises no alarm',
    product: 'contract',
    play: async ({ world, say, check }) => {
      const [startTime, endTime] = [await inDays(world, 5), await inDays(world, 100)];
      const { licenseId, ...bought } = await world.purchase({ customerAwsAccountId: ACCOUNT, quantities: { Users: 10 }, startTime, endTime });
      await world.advance('PT2M');
      await check('the registration page says', await world.register(bought), 'You are all set');
      await say('the buyer has signed, and the contract starts in five days');
      await check('the subscription is', await world.statusOf(licenseId), 'PENDING');
      await world.pass('P4D');
      await check('after four days, the app\'s plan', await world.planOf(licenseId), {});
      await check('the reason is', await world.pendingReasonOf(licenseId), 'STARTS_LATER');
      await check('subscriptions that are stuck', await world.highest('SubscriptionsStuckPending'), 0);
      await world.pass('P2D');
      await check('after six days it is', await world.statusOf(licenseId), 'ACTIVE');
      await check('the app\'s plan', await world.planOf(licenseId), { Users: 10 });
    },
  },
  {
    name: 'contract-payment-failure',
    title: 'an agreement that AWS ends because the payment failed, before any license, never gives the buyer anything',
    product: 'contract',
    play: async ({ world, say, check }) => {
      await world.sandbox.set({ 'events.licenseUpdatedDelaySeconds': 86_400 });
      const bought = await world.purchase({ customerAwsAccountId: ACCOUNT, quantities: { Users: 10 } });
      await check('the registration page says', await world.register(bought), 'You are all set');
      await world.advance('PT2M');
      await say('AWS waits for the payment, which fails');
      await check('the subscription is', await world.statusOf(bought.licenseId), 'PENDING');
      await world.sandbox.agreement(bought.agreementId, 'terminate');
      await world.pass('P2D');
      await check('the app was sent', (await world.sent(bought.licenseId)).filter((type) => type === 'Subscription Activated' || type === 'Entitlement Changed'), []);
      await check('the app\'s plan', await world.planOf(bought.licenseId), {});
      await check('the tenant is', await world.tenantOf(bought.licenseId), 'not there');
    },
  },
  {
    name: 'trial-converts',
    title: 'a free trial of a contract becomes a paid contract, and the app is sent that it converted',
    product: 'contract',
    play: async ({ world, say, check }) => {
      await world.pass('PT1H');
      const trial = await world.subscriber({ freeTrial: true, quantities: { Users: 3 }, endTime: await inDays(world, 7) });
      await say('a buyer tries the product for a week');
      await world.pass('PT12H');
      await check('the app was sent', await world.sent(trial.licenseId, 'Free Trial Started'), ['Free Trial Started']);
      await say('and buys ten users for a year');
      await world.sandbox.agreement(trial.agreementId, 'renew', { quantities: { Users: 10 }, endTime: await inDays(world, 365) });
      await world.pass('P8D');
      await check('the app was sent', await world.sent(trial.licenseId, 'Free Trial Converted', 'Free Trial Lapsed'), ['Free Trial Converted']);
      await check('the subscription is', await world.statusOf(trial.licenseId), 'ACTIVE');
      await check('the app\'s plan', await world.planOf(trial.licenseId), { Users: 10 });
    },
  },
  {
    name: 'trial-lapses',
    title: 'a free trial that the buyer lets end lapses, and its tenant is closed',
    product: 'contract',
    play: async ({ world, say, check }) => {
      await world.pass('PT1H');
      const { licenseId } = await world.subscriber({ freeTrial: true, quantities: { Users: 3 }, endTime: await inDays(world, 7) });
      await say('a buyer tries the product for a week, and does nothing');
      await world.pass('P8D');
      await check('the app was sent', await world.sent(licenseId, 'Free Trial Started', 'Free Trial Converted', 'Free Trial Lapsed'),
        ['Free Trial Started', 'Free Trial Lapsed']);
      await check('the subscription is', await world.statusOf(licenseId), 'ENDED');
      await check('the app\'s plan', await world.planOf(licenseId), {});
      await check('the tenant is', (await world.tenantOf(licenseId)).split(' ')[0], 'closed');
    },
  },
];
