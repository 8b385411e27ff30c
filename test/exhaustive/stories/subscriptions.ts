import { START, type Story } from '../support/story';

export const subscriptionStories: readonly Story[] = [
  {
    name: 'a buyer subscribes, and the events come in',
    start: START,
    involves: ['Agreements'],
    before: async () => undefined,
    act: async (product) => {
      await product.purchase();
      await product.advance('PT2M');
    },
    after: async (product) => product.until('2026-11-23T06:08:00Z'),
  },
  {
    name: 'a buyer signs up for a license that is known',
    start: START,
    involves: ['Registration'],
    before: async (product) => product.subscribe(),
    act: async (product) => {
      await product.signUp(product.purchases[0], 'Ada');
    },
    after: async (product) => product.until('2026-11-23T06:08:00Z'),
  },
  {
    name: 'a buyer signs up before the license is known',
    start: START,
    involves: ['Registration', 'Agreements'],
    before: async (product) => {
      await product.sandbox.set({ 'registration.licenseArn': 'missing-until-license-updated' });
    },
    act: async (product) => {
      await product.signUp(await product.purchase(), 'Grace');
      await product.advance('PT2M');
    },
    after: async (product) => product.until('2026-11-23T06:08:00Z'),
  },
  {
    name: 'a buyer signed up twice before the license was known, which reconciliation joins to it',
    start: START,
    involves: ['Reconciliation'],
    before: async (product) => {
      await product.sandbox.set({ 'registration.licenseArn': 'missing-until-license-updated' });
      const purchase = await product.purchase();
      await product.signUp(purchase, 'Alan');
      await product.signUp(purchase, 'Alan');
      await product.until('2026-11-23T07:06:00Z');
    },
    act: async (product) => product.until('2026-11-23T07:07:30Z'),
    after: async (product) => product.until('2026-11-23T07:38:00Z'),
  },
  {
    name: 'events that could not be sent are sent',
    start: START,
    involves: ['Reconciliation'],
    before: async (product) => {
      await product.subscribe();
      await product.sandbox.addFault({ service: 'events', operation: 'PutEvents', error: 'InternalFailure', times: 1000 });
      await product.report(product.usage('a', '2026-11-23T05:57:00Z', -5), product.usage('b', '2026-11-23T05:57:00Z', 5, { license: 'nobody' }));
      await product.until('2026-11-23T06:06:00Z');
    },
    act: async (product) => product.until('2026-11-23T06:07:30Z'),
    after: async (product) => product.until('2026-11-23T06:38:00Z'),
  },
];
