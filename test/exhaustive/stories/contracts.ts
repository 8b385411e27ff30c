import { START, type Story } from '../support/story';

const BUYER = '111122223333';
const TEN_USERS = { quantities: { Users: 10 } };

export const contractStories: readonly Story[] = [
  {
    name: 'a buyer pays for a contract, and the app is sent what it entitles to',
    start: START,
    explores: 'writes',
    involves: ['Agreements'],
    calls: ['GetEntitlements', 'PutEvents'],
    before: async () => undefined,
    act: async (product) => product.subscribe(BUYER, TEN_USERS),
    after: async (product) => product.until('2026-11-23T06:38:00Z'),
  },
  {
    name: 'entitlements that AWS shows later are read by reconciliation',
    start: START,
    explores: 'writes',
    involves: ['Reconciliation'],
    calls: ['GetEntitlements', 'PutEvents'],
    before: async (product) => {
      await product.sandbox.set({ 'entitlements.delaySeconds': 600 });
      await product.subscribe(BUYER, TEN_USERS);
      await product.until('2026-11-23T06:06:00Z');
    },
    act: async (product) => product.until('2026-11-23T06:07:30Z'),
    after: async (product) => product.until('2026-11-23T06:38:00Z'),
  },
  {
    name: 'a contract is amended',
    start: START,
    explores: 'writes',
    involves: ['Agreements'],
    calls: ['GetEntitlements', 'PutEvents'],
    before: async (product) => product.subscribe(BUYER, TEN_USERS),
    act: async (product) => {
      await product.amend({ Users: 25 });
      await product.advance('PT2M');
    },
    after: async (product) => product.until('2026-11-23T06:38:00Z'),
  },
];

/** Terms are read half an hour after the purchase, when AWS's record of the agreement has changed since the last run. */
export const trialStories: readonly Story[] = [
  {
    name: 'the terms of an agreement say that it is a free trial',
    start: START,
    explores: 'writes',
    involves: ['Reconciliation'],
    calls: ['GetAgreementTerms', 'PutEvents'],
    before: async (product) => {
      await product.until('2026-11-23T06:08:00Z');
      await product.subscribe(BUYER, { freeTrial: true });
      await product.until('2026-11-23T06:36:00Z');
    },
    act: async (product) => product.until('2026-11-23T06:37:30Z'),
    after: async (product) => product.until('2026-11-23T07:38:00Z'),
  },
  {
    name: 'a free trial ends, and the buyer pays from then on',
    start: START,
    explores: 'writes',
    involves: ['Reconciliation'],
    calls: ['PutEvents'],
    before: async (product) => {
      await product.until('2026-11-23T06:08:00Z');
      await product.subscribe(BUYER, { freeTrial: true });
      await product.until('2026-11-23T06:38:00Z');
      await product.pass('P29DT23H');
      // an hour after its end a trial has converted, and each second run looks for such ones
      await product.until('2026-12-23T08:06:00Z');
    },
    act: async (product) => product.until('2026-12-23T08:07:30Z'),
    after: async (product) => product.until('2026-12-23T09:08:00Z'),
  },
];
