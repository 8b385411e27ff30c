import { Scenario } from '../scenario';

export const EVENTS: readonly Scenario[] = [
  {
    name: 'lost-events',
    title: 'a purchase and an end whose events are all lost are found by reconciliation',
    product: 'contract',
    play: async ({ world, say, check }) => {
      await world.subscriber({ customerAwsAccountId: '222233334444', quantities: { Users: 1 } });
      await say('the product has a buyer; a day later AWS\'s events of another purchase are lost');
      await world.pass('P1D');
      await world.sandbox.addFault({ service: 'events', drop: true, times: 2 });
      const { licenseId, agreementId } = await world.purchase({ customerAwsAccountId: '111122223333', quantities: { Users: 10 } });
      await world.advance('PT10M');
      await check('the app was sent', await world.sent(licenseId), []);
      await world.pass('PT12H');
      await check('half a day later the subscription is', await world.statusOf(licenseId), 'ACTIVE');
      await check('the app\'s plan', await world.planOf(licenseId), { Users: 10 });
      await say('AWS\'s events of the end are lost');
      await world.sandbox.addFault({ service: 'events', drop: true, times: 2 });
      await world.cancel(agreementId);
      await world.pass('P1D');
      await check('a day later the subscription is', await world.statusOf(licenseId), 'ENDED');
      await check('the app\'s plan', await world.planOf(licenseId), {});
      await check('the tenant is', (await world.tenantOf(licenseId)).split(' ')[0], 'closed');
    },
  },
  {
    name: 'doubled-events',
    title: 'events that AWS sends twice change nothing the second time',
    product: 'contract',
    play: async ({ world, say, check }) => {
      await world.sandbox.addFault({ service: 'events', duplicate: true, times: 1000 });
      await say('everything on the event bus comes twice');
      const { licenseId, agreementId } = await world.subscriber({ quantities: { Users: 10 } });
      await world.sandbox.agreement(agreementId, 'amend', { quantities: { Users: 25 } });
      await world.advance('PT5M');
      await check('the app\'s plan', await world.planOf(licenseId), { Users: 25 });
      const ids = (await world.events('Entitlement Changed', licenseId)).map(({ detail }) => detail.eventId);
      await check('distinct changes that the app was sent', new Set(ids).size, 2);
      await world.cancel(agreementId);
      await world.advance('PT2H');
      await check('the subscription is', await world.statusOf(licenseId), 'ENDED');
      await check('the tenant is', (await world.tenantOf(licenseId)).split(' ')[0], 'closed');
    },
  },
];
