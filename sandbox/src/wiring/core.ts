import { VirtualAgenda } from '../clock/timer-queue';
import { StandingClock } from '../clock/virtual-clock';
import { SettleLimits, WorkLoop } from '../clock/work-loop';
import { Faults } from '../faults/faults';
import { CallLog } from '../gateway/call-log';
import { Callers } from '../gateway/callers';
import { IdSequence } from '../ids';
import { Log } from '../log';
import { SandboxModel } from '../model';
import { DynamoDb } from '../services/dynamodb/engine';
import { Fauxqs } from '../services/fauxqs/fauxqs';

export interface CoreInput {
  readonly model: SandboxModel;
  readonly endpoint: string;
  /** Virtual epoch milliseconds at the start. */
  readonly time: number;
  readonly flow: number;
  readonly settle: SettleLimits;
  readonly dynamodb: DynamoDb;
  readonly log: Log;
  /** Folder for files that live as long as the sandbox. */
  readonly scratch: string;
  readonly onError: (error: unknown) => void;
}

/** What every part needs: time, order, ids, who calls, what shall go wrong. */
export interface Core extends CoreInput {
  readonly ids: IdSequence;
  readonly agenda: VirtualAgenda;
  readonly clock: StandingClock;
  readonly loop: WorkLoop;
  readonly callers: Callers;
  readonly faults: Faults;
  readonly calls: CallLog;
  /** SQS, SNS and S3; another one after every reset. */
  readonly engine: { current?: Fauxqs };
}

export function makeCore(input: CoreInput): Core {
  const agenda = new VirtualAgenda();
  const clock = new StandingClock(input.time, input.flow);
  return {
    ...input,
    agenda,
    clock,
    loop: new WorkLoop(clock, agenda, input.settle, input.onError),
    ids: new IdSequence(),
    callers: new Callers(),
    faults: new Faults(input.model.functions),
    calls: new CallLog(),
    engine: {},
  };
}
