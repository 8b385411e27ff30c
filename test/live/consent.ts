import { GetCallerIdentityCommand, type STSClient } from '@aws-sdk/client-sts';
import { LiveOptions, Refusal } from './options';
import { STACKS } from './stacks';

/**
 * Refuses to touch an account that the caller has not named.
 * @throws Refusal in CI, without credentials, or when the credentials are those of another account
 */
export async function checkConsent({ account }: Pick<LiveOptions, 'account'>, env: NodeJS.ProcessEnv, sts: Pick<STSClient, 'send'>): Promise<void> {
  if (env.CI !== undefined && env.CI !== '' && env.CI !== 'false') {
    throw new Refusal('CI is set: the live check never runs in CI, as it deploys into an AWS account and costs money');
  }
  const actual = await accountOf(sts);
  if (actual !== account) {
    throw new Refusal(`the credentials are those of account ${actual}, and --account names ${account}: nothing was done`);
  }
}

async function accountOf(sts: Pick<STSClient, 'send'>): Promise<string | undefined> {
  try {
    return (await sts.send(new GetCallerIdentityCommand({}))).Account;
  } catch (error) {
    throw new Refusal(`AWS does not say whose credentials these are (${(error as Error).name}: ${(error as Error).message}): give credentials of the account`);
  }
}

/** What a run creates, costs and removes. */
export function plan({ account, region, farRegion, long, keep }: LiveOptions): string {
  return [
    `Live check in account ${account}, ${region} and ${farRegion}.`,
    `Creates the stacks ${Object.values(STACKS).join(', ')}, three restored tables, and a few messages and events.`,
    'Needs `cdk bootstrap` in the first region: its bucket keeps the code of the functions (a few MB).',
    `Takes ${long ? 'two to three hours' : 'one to two hours'}, and costs about 1 USD: web ACLs, alarms all by the hour, and three restores.`,
    keep
      ? 'Removes NOTHING, because of --keep: run it again with --remove.'
      : 'Removes all of it at the end, also after an error or Ctrl-C, with tables, queues and log groups that a stack retains.',
  ].join('\n');
}
