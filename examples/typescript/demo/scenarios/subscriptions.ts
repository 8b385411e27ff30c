import { Scenario } from '../scenario';

export const SUBSCRIPTIONS: readonly Scenario[] = [
  {
    name: 'three-agreements',
    title: 'a buyer has three agreements at once, and when one ends the two others are used and billed as before',
    product: 'subscription',
    play: async ({ world, say, check }) => {
      const bought = [await world.subscriber(), await world.subscriber(), await world.subscriber()];
      await say('one account has subscribed three times');
      for (const [index, { licenseId }] of bought.entries()) await world.use(licenseId, 'ApiCalls', index + 1);
      await world.cancel(bought[1].agreementId);
      await world.advance('PT2H');
      const statuses = await Promise.all(bought.map(({ licenseId }) => world.statusOf(licenseId)));
      await check('when the second one is cancelled they are', statuses, ['ACTIVE', 'ENDED', 'ACTIVE']);
      const tenants = await Promise.all(bought.map(async ({ licenseId }) => (await world.tenantOf(licenseId)).split(' ')[0]));
      await check('their tenants are', tenants, ['opened', 'closed', 'opened']);
      await world.use(bought[0].licenseId, 'ApiCalls', 10);
      await world.advance('PT1H30M');
      const billed = await Promise.all(bought.map(({ licenseId }) => world.billedTotal(licenseId)));
      await check('AWS bills calls', billed, [11, 2, 3]);
    },
  },
  {
    name: 'replacement',
    title: 'a replacement offer gets its own license, the old one bills its last hour, and nothing is billed twice',
    product: 'subscription',
    play: async ({ world, say, check }) => {
      const old = await world.subscriber();
      await world.use(old.licenseId, 'ApiCalls', 4);
      await say('the buyer accepts a private offer that replaces the agreement');
      await world.sandbox.agreement(old.agreementId, 'replace');
      await world.advance('PT5M');
      const { subscriptions } = await world.sandbox.state();
      const licenseId = String(subscriptions.find((each) => each.licenseId !== old.licenseId)?.licenseId);
      await check('the new license is', await world.statusOf(licenseId), 'ACTIVE');
      await check('its tenant is', (await world.tenantOf(licenseId)).split(' ')[0], 'opened');
      await world.use(licenseId, 'ApiCalls', 6);
      await world.advance('PT2H');
      await check('the old license is', await world.statusOf(old.licenseId), 'ENDED');
      await check('AWS bills calls of old and new', [await world.billedTotal(old.licenseId), await world.billedTotal(licenseId)], [4, 6]);
    },
  },
];
