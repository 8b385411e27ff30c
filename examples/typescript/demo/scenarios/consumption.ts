import { Scenario } from '../scenario';
import { World } from '../world';

/** A user works for an hour, and then another one, until all of it is billed. */
async function useForAnHour(world: World, licenseId: string, dimension: string, ...quantities: readonly number[]): Promise<void> {
  for (const quantity of quantities) {
    await world.use(licenseId, dimension, quantity);
    await world.pass('PT1H');
  }
  await world.pass('PT1H');
}

export const CONSUMPTION: readonly Scenario[] = [
  {
    name: 'overage-month',
    title: 'of a month\'s usage only what exceeds the entitlement is billed, also after an upgrade in mid-month, and late',
    product: 'consumption',
    play: async ({ world, say, check }) => {
      const { licenseId, agreementId } = await world.subscriber({ quantities: { Users: 10 } });
      await say('a buyer has paid for ten users of this month, and twelve log in');
      await useForAnHour(world, licenseId, 'ExtraUsers', 7, 5);
      await check('AWS bills users', await world.billedTotal(licenseId, 'ExtraUsers'), 2);
      await say('in mid-month the buyer upgrades to 15, and eight more log in');
      await world.sandbox.agreement(agreementId, 'amend', { quantities: { Users: 15 } });
      await world.advance('PT5M');
      await useForAnHour(world, licenseId, 'ExtraUsers', 8);
      await check('AWS bills users: what was covered stays covered, what was billed stays billed', await world.billedTotal(licenseId, 'ExtraUsers'), 2 + 3);
      await say('usage of six hours ago comes late');
      await world.report({ id: 'late', license: licenseId, dimension: 'ExtraUsers', quantity: 4, time: await world.hoursAgo(6) });
      await world.pass('PT3H');
      await check('AWS bills users', await world.billedTotal(licenseId, 'ExtraUsers'), 2 + 3 + 4);
    },
  },
  {
    name: 'overage-hour',
    title: 'an entitlement of an hour covers every hour anew, and after a downgrade it covers less',
    product: 'consumption',
    play: async ({ world, say, check }) => {
      const { licenseId, agreementId } = await world.subscriber({ quantities: { Servers: 10 } });
      await say('ten servers an hour are paid for; twelve run, then 13');
      await useForAnHour(world, licenseId, 'ExtraServers', 12, 13);
      await check('AWS bills server hours', Object.values(await world.billedHours(licenseId, 'ExtraServers')), [2, 3]);
      await say('the contract is amended to five');
      await world.sandbox.agreement(agreementId, 'amend', { quantities: { Servers: 5 } });
      await world.pass('PT1H');
      await useForAnHour(world, licenseId, 'ExtraServers', 13);
      await check('AWS bills server hours', Object.values(await world.billedHours(licenseId, 'ExtraServers')), [2, 3, 8]);
    },
  },
  {
    name: 'overage-contract',
    title: 'an entitlement of a contract lasts until its end, and a renewal begins anew',
    product: 'consumption',
    play: async ({ world, say, check }) => {
      const endTime = new Date(Date.parse(await world.now()) + 3 * 86_400_000).toISOString();
      const { licenseId, agreementId } = await world.subscriber({ quantities: { Jobs: 10 }, endTime });
      await say('ten jobs of the whole contract are paid for; eight run now, four a day later');
      await useForAnHour(world, licenseId, 'ExtraJobs', 8);
      await world.pass('P1D');
      await useForAnHour(world, licenseId, 'ExtraJobs', 4);
      await check('AWS bills jobs', await world.billedTotal(licenseId, 'ExtraJobs'), 2);
      await say('the buyer renews, and eleven run');
      await world.sandbox.agreement(agreementId, 'renew', { quantities: { Jobs: 10 } });
      await world.pass('PT1H');
      await useForAnHour(world, licenseId, 'ExtraJobs', 11);
      await check('AWS bills jobs', await world.billedTotal(licenseId, 'ExtraJobs'), 2 + 1);
    },
  },
  {
    name: 'consumption-tier',
    title: 'a buyer pays for a tier up front and for calls by the hour, and is locked out when the contract ends',
    product: 'consumption',
    play: async ({ world, say, check }) => {
      const { licenseId, agreementId } = await world.subscriber({ quantities: { Tier: 'gold' } });
      await check('the app\'s plan', await world.planOf(licenseId), { Tier: 'gold' });
      await say('the API is called twelve times');
      await world.use(licenseId, 'ApiCalls', 12);
      await world.sandbox.agreement(agreementId, 'cancel');
      await world.advance('PT2H');
      await check('AWS bills calls', await world.billedTotal(licenseId), 12);
      await check('the app\'s plan', await world.planOf(licenseId), {});
      await check('the tenant is', (await world.tenantOf(licenseId)).split(' ')[0], 'closed');
    },
  },
];
