import { FunctionModel } from '../model';
import { Fault, FaultEffect, FaultSupport, isFunction } from './fault';
import { parseFault } from './fault-request';

interface ArmedFault {
  readonly id: number; readonly spec: unknown; readonly fault: Fault; seen: number; hits: number;
}

/** The faults that were added, with their hits. */
export class Faults {
  private armed: ArmedFault[] = [];
  private lastId = 0;
  private strikes = 0;

  /**
   * @param functions those of the app
   * @param apis what faults can do, by the API's name
   */
  constructor(private readonly functions: readonly FunctionModel[], private readonly apis: ReadonlyMap<string, FaultSupport>) {}

  /** @throws ControlError when there is no such fault, or it could never apply */
  add(spec: unknown): number {
    const fault = parseFault(spec, this.functions, this.apis);
    this.armed.push({ id: ++this.lastId, spec, fault, seen: 0, hits: 0 });
    return this.lastId;
  }

  /** The first fault that applies here, where `effects` are possible; counts it. */
  take(service: string, operation: string, effects: readonly FaultEffect[], fn?: FunctionModel): Fault | undefined {
    return this.takeFirst(service, effects, fn, (named = operation) => named === operation);
  }

  /** The same for a step that is no call of an API: only a fault that names it applies. */
  takeNamed(service: string, operation: string, effects: readonly FaultEffect[], fn?: FunctionModel): Fault | undefined {
    return this.takeFirst(service, effects, fn, (named) => named === operation);
  }

  /** How often a fault has struck so far, also one that has been cleared. */
  get struck(): number {
    return this.strikes;
  }

  list(): unknown[] {
    return this.armed.map(({ id, spec, fault, hits }) => ({ id, ...spec as object, hits, remaining: fault.times - hits }));
  }

  clear(): void {
    this.armed = [];
    this.lastId = 0;
  }

  private takeFirst(
    service: string, effects: readonly FaultEffect[], fn: FunctionModel | undefined, isMeant: (operation: string | undefined) => boolean,
  ): Fault | undefined {
    for (const entry of this.armed) {
      const { fault } = entry;
      const applies = fault.service === service && isMeant(fault.operation)
        && effects.includes(fault.effect) && (fault.function === undefined || (fn !== undefined && isFunction(fn, fault.function)));
      if (!applies || entry.hits >= fault.times) {
        continue;
      }
      if (entry.seen++ < fault.skip) {
        continue;
      }
      entry.hits++;
      this.strikes++;
      return fault;
    }
    return undefined;
  }
}
