import { lambdaActions } from './actions';
import { LambdaApi, lambdaOperation } from './api';
import { AsyncInvocations } from './async-invocations';
import { checkCommands } from './check-commands';
import { FaultyInvoker } from './faulty-invoker';
import { FunctionFailure, FunctionRuntime, type IsAnswer } from './function-runtime';
import { failed } from './invocation';
import type { MetricTotal, MetricTotals } from './metrics';
import type { EventSourceMappingModel } from './model';
import { LAMBDA_TYPES } from './resources';
import { Switches } from './switches';
import { INVOCATION_EFFECTS } from '../../faults/fault';
import type { FunctionModel } from '../../model';
import type { InvocationResult } from '../../ports';
import type { RunningService, SandboxService } from '../../wiring/service';

export interface RunningLambda extends RunningService {
  /** Of what functions print; CloudWatch adds what is sent to it. */
  readonly metrics: MetricTotals;
  find(reference: string, region?: string): FunctionModel | undefined;
  /** Runs a function, and waits for its answer. */
  invoke(fn: FunctionModel, payload: string | Buffer, isAnswer?: IsAnswer): Promise<InvocationResult>;
  /** Whether an event source mapping is on at present. */
  isEnabled(mapping: EventSourceMappingModel): boolean;
  state(): LambdaState;
}

export interface LambdaState {
  /** What was measured: in the Embedded Metric Format lines that functions printed, and with PutMetricData. */
  readonly metrics: readonly MetricTotal[];
  /** The last 1,000 invocations that failed, injected failures excepted. */
  readonly failures: readonly FunctionFailure[];
}

export const LAMBDA: SandboxService<RunningLambda> = {
  name: 'lambda',
  resources: LAMBDA_TYPES,
  lists: ['eventSourceMappings', 'eventInvokeConfigs'],
  check: checkCommands,
  apis: [{
    name: 'lambda',
    format: 'rest-json',
    recognizes: (request) => request.path.startsWith('/2015-03-31/functions/') || lambdaOperation(request) !== undefined,
    operationOf: (request) => lambdaOperation(request)?.operation ?? request.method,
    actions: lambdaActions,
    faults: { operations: ['Invoke'], applicable: { delay: [] } },
  }],
  start: ({ core }) => {
    const { clock, faults, loop, metrics, model } = core;
    const runtime = new FunctionRuntime({ ...core, functions: model.functions, history: metrics });
    const switches = new Switches();
    const invoker = new FaultyInvoker(runtime, (fn) => faults.take('lambda', 'Invoke', INVOCATION_EFFECTS, fn));
    const invoke: RunningLambda['invoke'] = async (fn, payload, isAnswer) => {
      const dimensions = { FunctionName: fn.name };
      if (switches.isStopped(fn)) {
        metrics.add({ namespace: 'AWS/Lambda', name: 'Throttles', dimensions }, clock.now(), 1);
        return failed('throttled', 'TooManyRequestsException', 'Rate Exceeded.');
      }
      const result = await invoker.invoke(fn, payload, isAnswer);
      metrics.add({ namespace: 'AWS/Lambda', name: 'Invocations', dimensions }, clock.now(), 1);
      metrics.add({ namespace: 'AWS/Lambda', name: 'Errors', dimensions }, clock.now(), result.failure === undefined ? 0 : 1);
      return result;
    };
    const asynchronous = new AsyncInvocations({ ...core, configs: model.eventInvokeConfigs, invoke });
    loop.addStuckCheck(() => runtime.isStuck());
    return {
      find: (reference, region) => runtime.find(reference, region),
      invoke,
      metrics: runtime.metrics,
      isEnabled: (mapping) => switches.isEnabled(mapping),
      handlers: {
        lambda: new LambdaApi({ runtime, asynchronous, invoke, switches, mappings: model.eventSourceMappings, wake: () => loop.wake() }),
      },
      destinations: {
        lambda: async (arn, { body }) => {
          const fn = runtime.find(arn);
          if (fn) {
            asynchronous.submit(fn, body);
          }
          return fn !== undefined;
        },
      },
      routes: [{ method: 'GET', path: /^logs$/, run: () => ({ logs: runtime.logs() }) }],
      state: () => ({ metrics: runtime.metrics.list(), failures: [...runtime.failures] }),
      failed: () => runtime.failures.some(({ afterFault }) => !afterFault),
      deploy: () => runtime.deploy(),
      reset: ({ keepProcesses }) => {
        switches.reset();
        runtime.reset(keepProcesses);
      },
      kill: () => runtime.reset(),
    };
  },
};
