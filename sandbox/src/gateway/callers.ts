import { FunctionModel } from '../model';

/** The process of a function. */
export interface CallerProcess {
  /** SIGKILL. */
  kill(): void;
}

/** Who makes an AWS call, by its access key. */
export interface Caller {
  readonly fn: FunctionModel;
  readonly process: CallerProcess;
  /** The role whose policies apply: the function's own, or one it assumed. */
  readonly roleArn: string;
}

/** Access keys of function processes and of the sessions they assumed. A key that was never issued is the operator's. */
export class Callers {
  private readonly byKey = new Map<string, Caller>();
  private readonly retired = new Set<string>();
  private issued = 0;

  issue(): string {
    return `ASIA${(++this.issued).toString(36).toUpperCase().padStart(16, '0')}`;
  }

  register(accessKeyId: string, caller: Caller): void {
    this.byKey.set(accessKeyId, caller);
  }

  find(accessKeyId: string | undefined): Caller | undefined {
    return accessKeyId === undefined ? undefined : this.byKey.get(accessKeyId);
  }

  /** The process has ended: calls with its keys are no longer served. */
  forget(process: CallerProcess): void {
    for (const [key, caller] of this.byKey) {
      if (caller.process !== process) {
        continue;
      }
      this.byKey.delete(key);
      this.retired.add(key);
    }
  }

  /** Whether the key is that of a process that has ended. */
  isRetired(accessKeyId: string | undefined): boolean {
    return accessKeyId !== undefined && this.retired.has(accessKeyId);
  }
}
