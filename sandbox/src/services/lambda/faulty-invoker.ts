import { FunctionRuntime, type IsAnswer } from './function-runtime';
import { failed } from './invocation';
import { Fault } from '../../faults/fault';
import type { FunctionModel } from '../../model';
import type { InvocationResult } from '../../ports';

/** Invokes functions as the faults asked for let it. */
export class FaultyInvoker {
  constructor(private readonly runtime: FunctionRuntime, private readonly takeFault: (fn: FunctionModel) => Fault | undefined) {}

  async invoke(fn: FunctionModel, payload: string | Buffer, isAnswer?: IsAnswer): Promise<InvocationResult> {
    const fault = this.takeFault(fn);
    if (!fault) {
      return this.runtime.invoke(fn, payload, isAnswer);
    }
    if (fault.error && !fault.error.after) {
      return failed('handled', fault.error.code, fault.error.message);
    }
    // As if it had run: the event is lost.
    if (fault.drop) {
      return { payload: 'null' };
    }
    if (fault.crash === 'before') {
      return crashed();
    }
    if (fault.duplicate) {
      await this.runtime.invoke(fn, payload, isAnswer);
    }
    const result = await this.runtime.invoke(fn, payload, isAnswer);
    if (fault.error) {
      return failed('handled', fault.error.code, fault.error.message);
    }
    if (fault.crash !== 'after') {
      return result;
    }
    this.runtime.kill(fn);
    return crashed();
  }
}

function crashed(): InvocationResult {
  return failed('crash', 'Runtime.ExitError', 'Runtime exited with error: signal: SIGKILL');
}
