import { FunctionModel } from '../model';

export interface LoggedCall {
  readonly function: string;
  readonly logicalId: string;
  readonly service: string;
  readonly operation: string;
  /** Position among all calls, from 1. */
  readonly n: number;
  /** Position among the calls of this operation by this function, from 0: the `skip` of a fault for this call. */
  readonly skip: number;
}

/** The AWS calls functions made, in order. */
export class CallLog {
  private calls: LoggedCall[] = [];
  private readonly counts = new Map<string, number>();

  add(fn: FunctionModel, service: string, operation: string): void {
    const key = `${fn.arn} ${service} ${operation}`;
    const skip = this.counts.get(key) ?? 0;
    this.counts.set(key, skip + 1);
    this.calls.push({ function: fn.name, logicalId: fn.logicalId, service, operation, n: this.calls.length + 1, skip });
  }

  list(): readonly LoggedCall[] {
    return this.calls;
  }

  clear(): void {
    this.calls = [];
    this.counts.clear();
  }
}
