import { FunctionModel } from '../model';
import { Fault, FaultEffect, isFunction } from './fault';
import { parseFault } from './fault-request';

export type { Fault, FaultError } from './fault';

interface ArmedFault {
  readonly id: number; readonly spec: unknown; readonly fault: Fault; seen: number; hits: number;
}

/** Faults asked for, and how often each struck. */
export class Faults {
  private armed: ArmedFault[] = [];
  private lastId = 0;

  /** `functions`: those of the app. */
  constructor(private readonly functions: readonly FunctionModel[]) {}

  /** @throws ControlError when there is no such fault, or it could never strike */
  add(spec: unknown): number {
    const fault = parseFault(spec, this.functions);
    this.armed.push({ id: ++this.lastId, spec, fault, seen: 0, hits: 0 });
    return this.lastId;
  }

  /** The first fault that strikes here, where `effects` are possible; counts it. */
  strike(service: string, operation: string, effects: readonly FaultEffect[], fn?: FunctionModel): Fault | undefined {
    for (const entry of this.armed) {
      const { fault } = entry;
      const matches = fault.service === service && (fault.operation ?? operation) === operation
        && effects.includes(fault.effect) && (fault.function === undefined || (fn !== undefined && isFunction(fn, fault.function)));
      if (!matches || entry.hits >= fault.times) {
        continue;
      }
      if (entry.seen++ < fault.skip) {
        continue;
      }
      entry.hits++;
      return fault;
    }
    return undefined;
  }

  list(): unknown[] {
    return this.armed.map(({ id, spec, fault, hits }) => ({ id, ...spec as object, hits, remaining: fault.times - hits }));
  }

  clear(): void {
    this.armed = [];
    this.lastId = 0;
  }
}
