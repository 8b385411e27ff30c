import { START, type Story } from '../support/story';

export const claimStories: readonly Story[] = [
  {
    name: 'a buyer arrives at the sign-up page of the seller, whose backend claims the code',
    start: START,
    involves: ['Registration'],
    calls: ['ResolveCustomer'],
    before: async (product) => product.subscribe(),
    act: async (product) => product.claim(await product.arrive(product.purchases[0]), 'claim-1'),
    after: async (product) => product.until('2026-11-23T06:08:00Z'),
  },
  {
    name: 'the backend claims a code before the license is known',
    start: START,
    involves: ['Registration', 'Agreements'],
    before: async (product) => {
      await product.sandbox.set({ 'registration.licenseArn': 'missing-until-license-updated' });
    },
    act: async (product) => {
      await product.claim(await product.arrive(await product.purchase()), 'claim-1');
      await product.advance('PT2M');
    },
    after: async (product) => product.until('2026-11-23T06:08:00Z'),
  },
];
