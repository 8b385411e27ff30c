import { Scenario } from '../scenario';
import { World } from '../world';

const ACCOUNT = '111122223333';

/** The key of the only buyer: AWS Marketplace names no license. */
async function onlySubscription(world: World): Promise<string> {
  const { subscriptions } = await world.sandbox.state();
  return String(subscriptions[0]?.licenseId);
}

async function play({ world, say, check }: Parameters<Scenario['play']>[0]): Promise<void> {
  const bought = await world.subscriber({ customerAwsAccountId: ACCOUNT });
  const licenseId = await onlySubscription(world);
  await say('a buyer subscribes, and SNS says so before the buyer\'s browser comes');
  await check('the subscription is', await world.statusOf(licenseId), 'ACTIVE');
  await check('the registration page says', await world.register(bought), 'You are all set');
  await world.use(licenseId, 'ApiCalls', 5);
  await world.advance('PT1H30M');
  await check('AWS bills calls', await billed(world), [5]);
  await world.use(licenseId, 'ApiCalls', 3);
  await world.cancel(bought.agreementId);
  await world.advance('PT5M');
  await say('the buyer unsubscribes');
  await check('the subscription is', await world.statusOf(licenseId), 'ENDING');
  await world.advance('PT2H');
  await check('an hour later it is', await world.statusOf(licenseId), 'ENDED');
  await check('the tenant is', (await world.tenantOf(licenseId)).split(' ')[0], 'closed');
  await check('AWS bills calls', await billed(world), [5, 3]);
  await check('the app was sent', await world.sent(licenseId), ['Subscription Activated', 'Buyer Registered', 'Subscription Ending', 'Subscription Ended']);
  await world.subscriber({ customerAwsAccountId: ACCOUNT });
  await say('the buyer subscribes again');
  await check('the subscription is', await world.statusOf(licenseId), 'ACTIVE');
  await check('the tenant is', (await world.tenantOf(licenseId)).split(' ')[0], 'opened');
  await world.use(licenseId, 'ApiCalls', 7);
  await world.advance('PT1H30M');
  await check('AWS bills calls', await billed(world), [5, 3, 7]);
}

async function playContract({ world, say, check }: Parameters<Scenario['play']>[0]): Promise<void> {
  const bought = await world.subscriber({ customerAwsAccountId: ACCOUNT, quantities: { Users: 10 } });
  const licenseId = await onlySubscription(world);
  await say('a buyer pays for ten users: one topic says that the subscription began, the other one that entitlements changed');
  await check('the registration page says', await world.register(bought), 'You are all set');
  await world.advance('PT10M');
  await check('the subscription is', await world.statusOf(licenseId), 'ACTIVE');
  await check('the app\'s plan', await world.planOf(licenseId), { Users: 10 });
  await say('ten users become 25');
  await world.sandbox.agreement(bought.agreementId, 'amend', { quantities: { Users: 25 } });
  await world.advance('PT5M');
  await check('the app\'s plan', await world.planOf(licenseId), { Users: 25 });
  await say('the contract is cancelled');
  await world.cancel(bought.agreementId);
  await world.advance('PT3H');
  await check('the subscription is', await world.statusOf(licenseId), 'ENDED');
  await check('the app\'s plan', await world.planOf(licenseId), {});
  await check('the tenant is', (await world.tenantOf(licenseId)).split(' ')[0], 'closed');
  await say('the buyer pays again, for three users');
  await world.subscriber({ customerAwsAccountId: ACCOUNT, quantities: { Users: 3 } });
  await world.advance('PT10M');
  await check('the subscription is', await world.statusOf(licenseId), 'ACTIVE');
  await check('the app\'s plan', await world.planOf(licenseId), { Users: 3 });
  await check('the tenant is', (await world.tenantOf(licenseId)).split(' ')[0], 'opened');
}

async function playMigration({ world, say, check }: Parameters<Scenario['play']>[0]): Promise<void> {
  const bought = await world.subscriber({ customerAwsAccountId: ACCOUNT });
  await check('the registration page says', await world.register(bought), 'You are all set');
  const { subscriptions } = await world.sandbox.state();
  const key = String(subscriptions.find(({ licenseId }) => licenseId !== bought.licenseId)?.licenseId);
  await check('the former key is', await world.statusOf(key), 'ACTIVE');
  await check('the license is not the buyer\'s yet', await world.pendingReasonOf(bought.licenseId), 'NOT_MIGRATED');
  await world.use(key, 'ApiCalls', 5);
  const cutOver = `${(await world.hoursAgo(-2)).slice(0, 13)}:00:00Z`;
  const migrate = async (dryRun: boolean): Promise<unknown> => {
    const { migrated, left } = await world.invoke<Record<string, { licenseId?: string }[]>>('ReconciliationFunctionName', { migrate: { dryRun, cutOver } });
    return { migrated: migrated.map(({ licenseId }) => licenseId), left };
  };
  await say(`the seller asks who would move at ${cutOver}, and then moves them`);
  const everyone = { migrated: [bought.licenseId], left: [] };
  await check('the dry run answers', await migrate(true), everyone);
  await check('the request answers', await migrate(false), everyone);
  await world.advance('PT2H30M');
  await say('half of the cut-over hour is over, and the app still uses the former key');
  await world.use(key, 'ApiCalls', 3);
  await world.advance('PT1H');
  await world.use(key, 'ApiCalls', 7);
  await world.advance('PT2H');
  await check('the former key is', await world.statusOf(key), 'ENDED');
  await check('the license is', await world.statusOf(bought.licenseId), 'ACTIVE');
  await check('AWS bills calls: no unit twice, and none is lost', await billed(world), [5, 3, 7]);
  const { meteringRecords } = await world.sandbox.state();
  const ways = meteringRecords.filter(({ quantity }) => quantity > 0).map(({ customerIdentifier }) => customerIdentifier === undefined ? 'license' : 'customer');
  await check('they were sent by', ways, ['customer', 'license', 'license']);
  await check('the app was sent for the license', await world.sent(bought.licenseId), ['Subscription Updated']);
  await check('ends that the app was sent', await world.sent(key, 'Subscription Ending', 'Subscription Ended'), []);
}

/** Quantities of the only buyer: metering records name a customer, no license. */
async function billed(world: World): Promise<number[]> {
  const { meteringRecords } = await world.sandbox.state();
  return meteringRecords.filter(({ dimension, quantity }) => dimension === 'ApiCalls' && quantity > 0).map(({ quantity }) => quantity);
}

export const LEGACY: readonly Scenario[] = [
  {
    name: 'legacy-subscription',
    title: 'a buyer of a legacy product subscribes, unsubscribes and subscribes again, and is billed by customer identifier',
    product: 'legacy-subscription',
    play,
  },
  {
    name: 'legacy-subscription-raw',
    title: 'the same of a buyer whose notifications SNS sends without its envelope',
    product: 'legacy-subscription-raw',
    play,
  },
  {
    name: 'legacy-contract',
    title: 'a buyer of a legacy product with contracts buys, upgrades, leaves and buys again, as both topics say',
    product: 'legacy-contract',
    play: playContract,
  },
  {
    name: 'legacy-contract-raw',
    title: 'the same of a buyer of a contract, whose notifications SNS sends without its envelope',
    product: 'legacy-contract-raw',
    play: playContract,
  },
  {
    name: 'legacy-migration',
    title: 'a buyer of a legacy product moves to its license in a cut-over hour, and no unit is lost or billed twice',
    product: 'migrating',
    play: playMigration,
  },
];
