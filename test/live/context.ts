import type { ClientsOf } from './aws/clients';
import type { Cloud } from './aws/cloud';
import type { HttpAnswer, HttpRequest } from './aws/http';
import type { Leftover } from './aws/removal';
import type { StackResource } from './aws/stack-resources';
import type { StackName } from './stacks';

export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
  sleep(ms: number): Promise<void>;
}

/** What was deployed. */
export interface DeployedStacks {
  resources(stack: StackName): Promise<StackResource[]>;
  /** Registers what a check is about to create in the first region, so that it is removed at the end. */
  willCreate(leftover: Leftover): void;
}

/** What a check works with. */
export interface LiveContext {
  readonly clientsOf: ClientsOf;
  /** Absent in a rehearsal: there is no CloudFormation. */
  readonly cloud?: Cloud;
  readonly stacks: DeployedStacks;
  readonly region: string;
  readonly farRegion: string;
  readonly optInRegion?: string;
  readonly long: boolean;
  /** Outputs of the example; empty until it is deployed. */
  readonly outputs: Record<string, string>;
  readonly request: (request: HttpRequest) => Promise<HttpAnswer>;
  readonly clock: Clock;
  /** Part of every id that a run makes up. */
  readonly runId: string;
}

export interface Patience {
  readonly everyMs: number;
  readonly forMs: number;
}

/** Asks again until there is an answer; undefined when the time is over. */
export async function until<T>(clock: Clock, { everyMs, forMs }: Patience, ask: () => Promise<T | undefined>): Promise<T | undefined> {
  const end = clock.now() + forMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined || clock.now() >= end) {
      return answer;
    }
    await clock.sleep(everyMs);
  }
}
