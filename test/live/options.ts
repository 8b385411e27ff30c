import { parseArgs } from 'node:util';

/** A mistake of the caller, or a missing consent: nothing was done. */
export class Refusal extends Error {}

export interface LiveOptions {
  readonly mode: 'check' | 'remove';
  /** Account that the caller agrees to use, 12 digits. */
  readonly account: string;
  /** Where the example is deployed. */
  readonly region: string;
  /** Where events arrive that cross regions. */
  readonly farRegion: string;
  /** A region that the account has not enabled. */
  readonly optInRegion?: string;
  /** Also run checks that take most of an hour. */
  readonly long: boolean;
  /** Leave everything in place at the end. */
  readonly keep: boolean;
  readonly report: string;
}

export interface RehearsalOptions {
  readonly mode: 'rehearse';
  /** Address of a sandbox, on this machine. */
  readonly endpoint: string;
  /** JSON file with the outputs of the example: `cdk deploy --outputs-file`, or the `outputs` of the sandbox. */
  readonly outputs: string;
  readonly region: string;
  readonly report: string;
}

export const USAGE = `npm run live-check -- --account <12 digits> [options]      on AWS; creates, costs and removes: see docs/live-check.md
npm run live-check -- --endpoint <url> --outputs <file>   rehearsal against a sandbox; touches no AWS account

  --region <region>         where the example is deployed (us-east-1)
  --far-region <region>     another region, for events that cross regions (eu-west-1)
  --opt-in-region <region>  a region that the account has NOT enabled: asks STS there
  --long                    also wait for alarms on missing runs (up to an hour)
  --keep                    leave everything in place at the end
  --remove                  only remove what an earlier run left
  --report <file>           where the report is written (live-check-report.json)`;

const REGION = /^[a-z]{2}(-[a-z]+)+-\d$/;
const LOOPBACK = /^http:\/\/(127\.0\.0\.1|localhost|\[::1\])(:\d+)?\/?$/;

/** @throws Refusal when options are wrong, or those that give consent are missing */
export function parseOptions(argv: readonly string[]): LiveOptions | RehearsalOptions {
  const values = parsed(argv);
  const { 'region': region = 'us-east-1', 'far-region': farRegion = 'eu-west-1', 'opt-in-region': optInRegion, report = 'live-check-report.json' } = values;
  for (const [name, value] of Object.entries({ '--region': region, '--far-region': farRegion, '--opt-in-region': optInRegion ?? region })) {
    if (!REGION.test(value)) {
      throw new Refusal(`${name} ${value} is no region: give one such as eu-west-1`);
    }
  }
  if (values.endpoint !== undefined || values.outputs !== undefined) {
    return { mode: 'rehearse', ...rehearsal(values), region, report };
  }
  const { account } = values;
  if (account === undefined) {
    throw new Refusal(`the live check deploys into an AWS account and costs money, so it needs your consent: --account <12 digits>\n\n${USAGE}`);
  }
  if (!/^\d{12}$/.test(account)) {
    throw new Refusal(`--account ${account} is no account id: give 12 digits`);
  }
  if (farRegion === region) {
    throw new Refusal(`--far-region ${farRegion} is --region too: events have to cross regions, so give another one`);
  }
  const { long = false, keep = false, remove = false } = values;
  if (keep && remove) {
    throw new Refusal('--keep and --remove exclude each other');
  }
  return { mode: remove ? 'remove' : 'check', account, region, farRegion, ...optInRegion ? { optInRegion } : {}, long, keep, report };
}

function rehearsal(values: ReturnType<typeof parsed>): Pick<RehearsalOptions, 'endpoint' | 'outputs'> {
  const { endpoint, outputs, account } = values;
  if (endpoint === undefined || outputs === undefined) {
    throw new Refusal('a rehearsal needs both --endpoint and --outputs');
  }
  if (account !== undefined) {
    throw new Refusal('--endpoint and --account exclude each other: a rehearsal touches no account');
  }
  if (!LOOPBACK.test(endpoint)) {
    throw new Refusal(`--endpoint ${endpoint} is not on this machine: give the address of a sandbox, such as http://127.0.0.1:8099`);
  }
  return { endpoint, outputs };
}

function parsed(argv: readonly string[]) {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  try {
    return parseArgs({
      args: [...argv],
      options: {
        'account': text,
        'region': text,
        'far-region': text,
        'opt-in-region': text,
        'endpoint': text,
        'outputs': text,
        'report': text,
        'long': flag,
        'keep': flag,
        'remove': flag,
      },
    }).values;
  } catch (error) {
    throw new Refusal(`${(error as Error).message}\n\n${USAGE}`);
  }
}
