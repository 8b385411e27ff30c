import type { ApiDestinationModel } from './model';
import { DeliveryError } from '../../errors';
import type { Fault, FaultEffect } from '../../faults/fault';
import type { Clock } from '../../ports';

/** A request to a webhook of someone else. It went nowhere. */
export interface SentWebhook {
  /** ISO 8601, virtual. */
  readonly time: string;
  /** Logical id of the API destination. */
  readonly destination: string;
  readonly method: string;
  readonly url: string;
  readonly body: string;
}

const KEPT = 1_000;
/** Operation of faults: `{"service":"events","operation":"InvokeApiDestination","error":"…"}`. */
export const INVOKE = 'InvokeApiDestination';
const INVOKE_EFFECTS: readonly FaultEffect[] = ['error'];

export interface ApiDestinationsInput {
  readonly destinations: readonly ApiDestinationModel[];
  readonly clock: Clock;
  readonly takeFault: (effects: readonly FaultEffect[]) => Fault | undefined;
}

/** Takes what rules send to API destinations, and shows it. */
export class ApiDestinations {
  private sent: SentWebhook[] = [];

  constructor(private readonly input: ApiDestinationsInput) {}

  /** @returns false when there is none by that ARN */
  invoke(arn: string, body: string): boolean {
    const { destinations, clock, takeFault } = this.input;
    const destination = destinations.find((known) => known.arn === arn);
    if (destination === undefined) {
      return false;
    }
    const fault = takeFault(INVOKE_EFFECTS);
    if (fault?.error !== undefined) {
      throw new DeliveryError(fault.error.message || fault.error.code);
    }
    const { logicalId, method, url } = destination;
    this.sent.push({ time: new Date(Math.floor(clock.now())).toISOString(), destination: logicalId, method, url, body });
    this.sent = this.sent.slice(-KEPT);
    return true;
  }

  /** The last 1,000, in order. */
  list(): readonly SentWebhook[] {
    return [...this.sent];
  }

  clear(): void {
    this.sent = [];
  }
}

/** Whether a target of a rule is an API destination. */
export function isApiDestination(arn: string): boolean {
  return /^arn:[^:]+:events:[^:]*:[^:]*:api-destination\//.test(arn);
}
