import { isoSeconds } from '../../clock/duration';
import type { FunctionModel } from '../../model';
import { EventBridgeEvent } from '../../ports';

export interface InvocationEventInput {
  readonly id: string;
  readonly now: number;
  readonly fn: FunctionModel;
  /** ARN of the bus. */
  readonly destination: string;
  /** The invocation record, as other destinations get it. */
  readonly record: Readonly<Record<string, unknown>>;
  readonly succeeded: boolean;
}

/** What Lambda puts onto an event bus that is the destination of asynchronous invocations. */
export function invocationEvent({ id, now, fn, destination, record, succeeded }: InvocationEventInput): EventBridgeEvent {
  return {
    'version': '0',
    id,
    'detail-type': `Lambda Function Invocation Result - ${succeeded ? 'Success' : 'Failure'}`,
    'source': 'lambda',
    'account': fn.account,
    'time': isoSeconds(now),
    'region': fn.region,
    'resources': [destination, `${fn.arn}:$LATEST`],
    'detail': record,
  };
}
