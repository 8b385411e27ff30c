import { stsActions } from './actions';
import { Sts } from './api';
import type { SandboxService } from '../../wiring/service';

const ACTIONS = ['AssumeRole', 'GetCallerIdentity', 'AssumeRoleWithWebIdentity', 'GetSessionToken'];

export const STS: SandboxService = {
  name: 'sts',
  apis: [{
    name: 'sts',
    format: 'query',
    recognizes: (_, action) => action !== undefined && ACTIONS.includes(action),
    actions: stsActions,
    hasNoEffectOnOthers: true,
    faults: { operations: ['AssumeRole', 'GetCallerIdentity'] },
  }],
  start: ({ core: { accounts, callers, clock, settings } }) => ({
    handlers: {
      sts: new Sts({
        callers,
        account: accounts.workload,
        seller: accounts.seller,
        now: () => clock.now(),
        sellerHasOptInRegions: () => settings.get('seller.optInRegions') === 'enabled',
      }),
    },
  }),
};
