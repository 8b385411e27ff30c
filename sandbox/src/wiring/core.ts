import { Activity } from '../clock/activity';
import { TimerQueue } from '../clock/timer-queue';
import { VirtualClock } from '../clock/virtual-clock';
import { IdleLimits, WorkLoop } from '../clock/work-loop';
import { LostEvents } from '../control/lost-events';
import { MetricHistory } from '../control/metric-history';
import { Faults } from '../faults/faults';
import { Authorizer } from '../gateway/authorizer';
import { AwsApi } from '../gateway/aws-api';
import { CallLog } from '../gateway/call-log';
import { Callers } from '../gateway/callers';
import { Forwarding } from '../gateway/forwarding';
import { SignedRequests } from '../gateway/signed-requests';
import { IdSequence } from '../ids';
import { sellerAccount, workloadAccount } from '../marketplace/app/products';
import { Settings } from '../marketplace/settings/settings';
import { Findings } from '../marketplace/world/findings';
import type { ProductConfig } from '../marketplace/world/types';
import { SandboxModel } from '../model';
import { Log } from '../ports';
import { Destinations } from './destinations';

export interface CoreInput {
  readonly model: SandboxModel;
  readonly endpoint: string;
  /** Virtual epoch milliseconds at the start. */
  readonly time: number;
  readonly realTimeFactor: number;
  readonly idle: IdleLimits;
  readonly log: Log;
  /** Folder for files that live as long as the sandbox. */
  readonly scratch: string;
  /** Products whose app does not use the construct. */
  readonly givenProducts: readonly ProductConfig[];
  /** Addresses of emulators of other services, by the signing name of the service. */
  readonly forward?: Readonly<Record<string, string>>;
  readonly onError: (error: unknown) => void;
}

/** What every service needs: time, order, ids, callers, faults. */
export interface Core extends CoreInput {
  readonly ids: IdSequence;
  readonly timers: TimerQueue;
  readonly clock: VirtualClock;
  readonly activity: Activity;
  readonly loop: WorkLoop;
  readonly callers: Callers;
  readonly authorizer: Authorizer;
  /** Decides about requests to the app's own APIs that are signed. */
  readonly signedRequests: SignedRequests;
  readonly faults: Faults;
  readonly calls: CallLog;
  /** What left for other emulators. */
  readonly forwarding: Forwarding;
  readonly destinations: Destinations;
  readonly lost: LostEvents;
  /** What was measured, for alarms. */
  readonly metrics: MetricHistory;
  /** What a seller should know and no API shows. */
  readonly findings: Findings;
  /** Switches of what AWS leaves open. */
  readonly settings: Settings;
  /** The account the product runs in, and the one that sells it. */
  readonly accounts: { readonly workload: string; readonly seller: string };
}

export function makeCore(input: CoreInput, apis: readonly AwsApi[]): Core {
  const { model, log } = input;
  const timers = new TimerQueue();
  const activity = new Activity();
  const clock = new VirtualClock(input.time, input.realTimeFactor);
  const callers = new Callers();
  const accounts = { workload: workloadAccount(model), seller: sellerAccount(model) };
  const authorizer = new Authorizer({
    apis,
    roles: model.roles,
    onDenied: (denial) => log.warn(`DENIED ${denial.function}: ${denial.action} on ${denial.resource}`),
  });
  return {
    ...input,
    timers,
    clock,
    activity,
    loop: new WorkLoop(clock, timers, input.idle, input.onError, activity),
    ids: new IdSequence(),
    callers,
    authorizer,
    signedRequests: new SignedRequests({ callers, authorizer, clock, accounts }),
    faults: new Faults(model.functions, faultSupport(apis)),
    calls: new CallLog(),
    forwarding: new Forwarding(input.forward ?? {}, () => clock.now()),
    destinations: new Destinations(),
    lost: new LostEvents(),
    metrics: new MetricHistory(),
    findings: new Findings(),
    settings: new Settings(),
    accounts,
  };
}

/** The APIs for which faults can be added, by name. */
export function faultSupport(apis: readonly AwsApi[]) {
  return new Map(apis.flatMap(({ name, faults }) => faults ? [[name, faults] as const] : []));
}
