import { accountOf, assumedRoleArn } from '../arn';
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
  /** Of a role that it assumed: the name of the session. Lambda names the sessions of a function's own role after the function. */
  readonly session?: string;
}

/** Who makes a call, as STS and the events of functions say. */
export interface CallerIdentity {
  readonly account: string;
  readonly arn: string;
  readonly userId: string;
}

/** @param account of the operator, who makes the calls that no function makes */
export function callerIdentity(caller: Caller | undefined, account: string): CallerIdentity {
  if (!caller) {
    return { account, arn: `arn:aws:iam::${account}:root`, userId: account };
  }
  const session = caller.session ?? caller.fn.name;
  return { account: accountOf(caller.roleArn), arn: assumedRoleArn(caller.roleArn, session), userId: `AROASANDBOX:${session}` };
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
