import { VirtualAgenda } from '../clock/agenda';
import { StandingClock } from '../clock/standing-clock';
import { SettleLimits, WorkLoop } from '../clock/work-loop';
import { CallLog } from '../control/call-log';
import { Faults } from '../control/faults';
import { DynamoDb } from '../engines/dynamodb';
import { Fauxqs } from '../engines/fauxqs';
import { IdSequence } from '../ids';
import { Log } from '../log';
import { SandboxModel } from '../model';
import { Callers } from '../runtime/callers';

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
