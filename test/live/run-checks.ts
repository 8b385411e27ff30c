import type { LiveContext } from './context';
import { Check, Need, notTried, Observation, Result } from './observation';

/** Why a check cannot run here, by what it needs. */
const UNMET: Readonly<Record<Need, (context: LiveContext) => string | undefined>> = {
  CLOUDFORMATION: onAws('CloudFormation'),
  ALARMS: onAws('CloudWatch alarms'),
  TWO_REGIONS: onAws('two regions'),
  EXAMPLE: ({ outputs }) => (outputs.FulfillmentUrl ? undefined : 'needs the example, which is not deployed'),
  LONG: ({ long }) => (long ? undefined : 'takes up to 75 minutes: runs with --long only'),
  OPT_IN_REGION: ({ optInRegion }) => (optInRegion ? undefined : 'needs --opt-in-region'),
};

function onAws(what: string) {
  return ({ cloud }: LiveContext): string | undefined => (cloud ? undefined : `needs ${what}: a rehearsal has none`);
}

const INTERRUPTED = 'the run was interrupted';

/** Runs checks one after the other. A check that fails is reported as not tried, and does not stop the others; an abort does. */
export async function runChecks(checks: readonly Check[], context: LiveContext, signal: AbortSignal, log: (line: string) => void): Promise<Result[]> {
  const results: Result[] = [];
  for (const { id, question, source, needs, run } of checks) {
    const unmet = signal.aborted ? INTERRUPTED : needs.map((need) => UNMET[need](context)).find((reason) => reason !== undefined);
    const observation = unmet === undefined ? await attempt(() => run(context), signal) : notTried(unmet);
    log(`${id}: ${observation.verdict}: ${observation.saw}`);
    results.push({ check: { id, question, source }, ...observation });
  }
  return results;
}

async function attempt(run: () => Promise<Observation>, signal: AbortSignal): Promise<Observation> {
  try {
    return await run();
  } catch (error) {
    return signal.aborted ? notTried(INTERRUPTED) : notTried(`the check itself failed: ${(error as Error).name}: ${(error as Error).message}`);
  }
}
