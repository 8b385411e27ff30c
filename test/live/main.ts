import { writeFileSync } from 'node:fs';
import { Cdk } from './aws/cdk';
import { ClientsOf } from './aws/clients';
import { Cloud } from './aws/cloud';
import { SandboxStacks } from './aws/sandbox-stacks';
import { CHECKS } from './checks';
import { checkConsent, plan } from './consent';
import { Clock, LiveContext } from './context';
import { LiveOptions, parseOptions, Refusal, RehearsalOptions } from './options';
import { readOutputs } from './outputs';
import { createReport, exitCode, printed } from './report';
import { runChecks } from './run-checks';

/** What comes from outside. */
export interface MainDeps {
  readonly env: NodeJS.ProcessEnv;
  readonly clientsOf: (endpoint?: string) => ClientsOf;
  readonly cdk: (options: LiveOptions) => Cdk;
  readonly request: LiveContext['request'];
  /** Its `sleep` fails when `signal` aborts, so that checks end at once. */
  readonly clock: (signal?: AbortSignal) => Clock;
  /** Aborted by Ctrl-C. */
  readonly interrupted: AbortSignal;
  readonly print: (line: string) => void;
  readonly printError: (line: string) => void;
}

const REFUSED = 2;

/** @returns the exit code: 0 as expected, 1 something is otherwise or left, 2 refused */
export async function main(argv: readonly string[], deps: MainDeps): Promise<number> {
  try {
    const options = parseOptions(argv);
    return options.mode === 'rehearse' ? await rehearse(options, deps) : await onAws(options, deps);
  } catch (error) {
    if (error instanceof Refusal) {
      deps.printError(error.message);
      return REFUSED;
    }
    throw error;
  }
}

/** The checks that need no CloudFormation, against a sandbox. */
async function rehearse(options: RehearsalOptions, deps: MainDeps): Promise<number> {
  const { outputs, stack } = readOutputs(options.outputs);
  const clientsOf = deps.clientsOf(options.endpoint);
  const context = contextOf(options, deps, { outputs, clientsOf, stacks: new SandboxStacks(clientsOf, options.region, stack) });
  const results = await runChecks(CHECKS, context, deps.interrupted, deps.printError);
  return finish({ at: timeOf(deps), place: `rehearsal at ${options.endpoint}`, results, rehearsal: true, left: [] }, options.report, deps);
}

async function onAws(options: LiveOptions, deps: MainDeps): Promise<number> {
  const clientsOf = deps.clientsOf();
  await checkConsent(options, deps.env, clientsOf(options.region).sts);
  const cdk = deps.cdk(options);
  const cloud = new Cloud({ ...options, cdk, clientsOf, clock: deps.clock(), log: deps.printError });
  try {
    return options.mode === 'remove' ? await remove(options, cloud, deps) : await check(options, cdk, cloud, clientsOf, deps);
  } finally {
    cdk.close();
  }
}

async function check(options: LiveOptions, cdk: Cdk, cloud: Cloud, clientsOf: ClientsOf, deps: MainDeps): Promise<number> {
  deps.print(plan(options));
  await cdk.prepare();
  const at = timeOf(deps);
  let results: Awaited<ReturnType<typeof runChecks>> = [];
  let left: readonly string[] = [];
  try {
    results = await runChecks(CHECKS, contextOf(options, deps, { cloud, stacks: cloud, clientsOf, outputs: {} }), deps.interrupted, deps.printError);
  } finally {
    left = options.keep ? ['everything, because of --keep: run it again with --remove'] : await cloud.removeRun();
  }
  return finish({ at, place: options.region, results, rehearsal: false, left }, options.report, deps);
}

async function remove({ account }: LiveOptions, cloud: Cloud, { print, printError }: MainDeps): Promise<number> {
  print(`Removes what an earlier live check left in account ${account}.`);
  const left = await cloud.removeAll();
  left.forEach((line) => printError(`STILL THERE: ${line}`));
  return left.length > 0 ? 1 : 0;
}

function contextOf(
  options: LiveOptions | RehearsalOptions, deps: MainDeps, more: Pick<LiveContext, 'clientsOf' | 'outputs' | 'cloud' | 'stacks'>,
): LiveContext {
  const clock = deps.clock(deps.interrupted);
  return { farRegion: options.region, long: false, ...options, ...more, clock, request: deps.request, runId: `live-check-${clock.now()}` };
}

function finish(input: Parameters<typeof createReport>[0], file: string, { print }: MainDeps): number {
  const report = createReport(input);
  writeFileSync(file, `${JSON.stringify(report, null, 2)}\n`);
  print(printed(report));
  print(`\nThe report is in ${file}.`);
  return exitCode(report);
}

function timeOf({ clock }: MainDeps): string {
  return new Date(clock().now()).toISOString();
}
