import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { asExpected, Check, otherwise } from '../observation';

/** The reason why the handlers call STS in the region of the Marketplace API. */
export const optInRegion: Check = {
  id: 'sts-in-a-region-not-enabled',
  question: 'Does STS refuse a call at the endpoint of a region that the account has not enabled?',
  source: 'docs/marketplace-facts.md#f-11-6',
  needs: ['OPT_IN_REGION'],
  async run({ clientsOf, optInRegion: region }) {
    try {
      await clientsOf(region!).sts.send(new GetCallerIdentityCommand({}));
    } catch (error) {
      const { name, message } = error as Error;
      return asExpected(`${region}: ${name}`, { fact: `STS at the endpoint of a region that the account has not enabled answers ${name} ("${message}").` });
    }
    return otherwise(`${region} answered: is the region really not enabled in this account?`);
  },
};
