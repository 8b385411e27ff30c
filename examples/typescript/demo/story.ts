import { Buyer } from './buyer';
import { Timeline } from './timeline';
import { World } from './world';

const ACCOUNT = '111122223333';

/**
 * About two days of a SaaS product on AWS Marketplace, over a month's end: what goes well, and what goes wrong.
 * Everything here could be a test of your own product.
 */
export async function play(world: World, timeline: Timeline): Promise<void> {
  const say = async (text: string): Promise<void> => timeline.say(await world.now(), text);

  await say('a buyer subscribes on AWS Marketplace');
  const first = await world.purchase({ customerAwsAccountId: ACCOUNT });
  await world.advance('PT2M');
  await say(`AWS Marketplace's events came before the buyer's browser: ${await world.statusOf(first.licenseId)}`);
  const ada = new Buyer('Ada');
  const form = await ada.setUpAccount(first.fulfillment);
  const done = await ada.register(form, { company: 'Lovelace Ltd', contactName: 'Ada', email: 'ada@example.com' });
  await say(`Ada signs up on the registration page: "${done.title}"`);
  await say(`the provisioning function opened her tenant: ${await world.tenantOf(first.licenseId)}`);

  const second = await world.purchase({ customerAwsAccountId: ACCOUNT });
  const grace = new Buyer('Grace');
  await grace.register(await grace.setUpAccount(second.fulfillment), {
    company: 'Lovelace Ltd', contactName: 'Grace', email: 'grace@example.com',
  });
  await say('a second license of the same account: this time the browser came before the events');
  await world.advance('PT2M');
  await say(`and is ${await world.statusOf(second.licenseId)}`);

  for (let hour = 1; hour <= 8; hour++) {
    await world.use(first.licenseId, 'ApiCalls', 10 + hour);
    await world.use(second.licenseId, 'ApiCalls', 5);
    if (hour % 4 === 0) await world.use(first.licenseId, 'StorageGb', 3);
    await world.advance('PT1H');
  }
  await say(`8 hours of use: AWS Marketplace has ${await world.meteringRecords()} metering records`);

  await world.fault({ service: 'metering', error: 'ThrottlingException', times: 40 });
  await world.use(first.licenseId, 'ApiCalls', 100);
  await world.advance('PT1H30M');
  await world.clearFaults();
  const throttled = await world.throttledCalls();
  await world.advance('PT30M');
  await say(`a throttled hour: ${throttled} calls refused, and sent again afterwards`);

  const record = { id: 'job-4711', license: first.licenseId, dimension: 'ApiCalls', quantity: 7, time: await world.now() };
  for (let delivery = 0; delivery < 3; delivery++) await world.report(record);
  await world.advance('PT2H');
  await say(`one record delivered three times: billed ${await world.billed(first.licenseId, 'ApiCalls', record.time)} for that hour`);

  await world.report({ ...record, id: 'late-1', quantity: 9, time: await world.hoursAgo(5) });
  await world.advance('PT2H');
  await say('usage that came 5 hours late is carried into a later hour');

  await world.fault({ service: 'metering', error: 'InternalServiceErrorException', times: 1000 });
  for (let hour = 0; hour < 3; hour++) {
    await world.use(second.licenseId, 'ApiCalls', 4);
    await world.advance('PT1H');
  }
  await world.clearFaults();
  await world.advance('PT1H');
  await say('three hours of 500s from AWS Marketplace: every hour was sent again unchanged');

  for (let hour = 0; hour < 24; hour++) {
    await world.use(first.licenseId, 'ApiCalls', 20 + hour);
    if (hour % 6 === 0) await world.use(first.licenseId, 'StorageGb', 2);
    if (hour % 3 === 0) await world.use(second.licenseId, 'ApiCalls', 6);
    await world.advance('PT1H');
    if (hour % 8 === 7) await say(`${hour + 1} more hours of use: ${await world.meteringRecords()} metering records`);
  }

  await world.advance('PT20M');
  await world.use(second.licenseId, 'ApiCalls', 11);
  await world.cancel(second.agreementId);
  await world.advance('PT3M');
  await say(`the second license is cancelled: ${await world.statusOf(second.licenseId)}, the app may still report for some minutes`);
  await world.report({ ...record, id: 'last-call', license: second.licenseId, quantity: 2, time: await world.hoursAgo(0.1) });
  await world.advance('PT30M');
  await say('the running hour was frozen and sent inside the final hour');
  await world.advance('PT1H');
  await say(`the final hour is over: ${await world.statusOf(second.licenseId)}; tenant ${await world.tenantOf(second.licenseId)}`);
  await world.report({ ...record, id: 'too-late', license: second.licenseId, quantity: 5, time: await world.hoursAgo(2) });
  await world.advance('PT2H');
  await say('usage of an ended subscription is rejected, with its reason');
}
