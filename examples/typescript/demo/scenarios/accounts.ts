import { Scenario } from '../scenario';

export const ACCOUNTS: readonly Scenario[] = [
  {
    name: 'two-accounts',
    title: 'a product in an account of its own gets the events of the seller account, and meters with a role there',
    product: 'two-accounts',
    play: async ({ world, say, check }) => {
      const bought = await world.purchase({ customerAwsAccountId: '111122223333' });
      await say('a buyer subscribes; the seller account forwards AWS Marketplace\'s events');
      await world.advance('PT2M');
      await check('the subscription is', await world.statusOf(bought.licenseId), 'ACTIVE');
      await check('the registration page says', await world.register(bought), 'You are all set');
      await world.use(bought.licenseId, 'ApiCalls', 5);
      await world.advance('PT1H30M');
      await check('AWS bills calls', await world.billedTotal(bought.licenseId), 5);
      const calls = await world.sandbox.calls();
      const functions = new Set(calls.filter(({ operation }) => operation === 'AssumeRole').map(({ logicalId }) => logicalId.replace(/[0-9A-F]{8}$/, '')));
      await check('functions that took the role of the seller account', ['MarketplaceRegistration', 'MarketplaceMetering'].map((name) =>
        [...functions].some((each) => each.startsWith(name))), [true, true]);
      await world.cancel(bought.agreementId);
      await world.advance('PT2H');
      await check('the subscription is', await world.statusOf(bought.licenseId), 'ENDED');
      await check('the tenant is', (await world.tenantOf(bought.licenseId)).split(' ')[0], 'closed');
    },
  },
];
