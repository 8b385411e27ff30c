import { Core } from './core';
import { Destinations } from './destinations';
import { DELIVERY_EFFECTS, INVOCATION_EFFECTS } from '../faults/fault';
import { FunctionModel } from '../model';
import { EventBus } from '../services/eventbridge/event-bus';
import { EventHistory } from '../services/eventbridge/event-history';
import { EventIntake } from '../services/eventbridge/faulty-event-bus';
import { AsyncInvocations } from '../services/lambda/async-invocations';
import { FaultyInvoker } from '../services/lambda/faulty-invoker';
import { FunctionRuntime } from '../services/lambda/function-runtime';
import { InvocationResult } from '../services/lambda/invocation';
import { TopicService } from '../services/sns/topic-service';
import { QueuePoller } from '../services/sqs/queue-poller';
import { QueueService } from '../services/sqs/queue-service';

export type Invoke = (fn: FunctionModel, payload: string | Buffer) => Promise<InvocationResult>;

/** What runs functions, and what brings them their work. */
export interface Work {
  readonly runtime: FunctionRuntime;
  readonly invoke: Invoke;
  /** Runs work from outside when it is its turn. */
  readonly takeTurn: <T>(work: () => Promise<T>) => Promise<T>;
  readonly findFunction: (arn: string) => FunctionModel | undefined;
  readonly asynchronous: AsyncInvocations;
  readonly queues: QueueService;
  readonly topics: TopicService;
  readonly pollers: readonly QueuePoller[];
  readonly bus: EventBus;
  readonly intake: EventIntake;
  readonly history: EventHistory;
}

export function makeWork(core: Core): Work {
  const { model, faults, agenda, clock } = core;
  const runtime = new FunctionRuntime({ ...core, functions: model.functions });
  const invoker = new FaultyInvoker(runtime, (fn) => faults.strike('lambda', 'Invoke', INVOCATION_EFFECTS, fn));
  const invoke: Invoke = (fn, payload) => invoker.invoke(fn, payload);
  const findFunction = (arn: string): FunctionModel | undefined => runtime.find(arn);

  // Destinations deliver to functions, whose failures go to destinations.
  const asynchronous: AsyncInvocations = new AsyncInvocations({
    ...core,
    configs: model.eventInvokeConfigs,
    invoke,
    destinations: () => destinations,
  });
  const invokeLater = (fn: FunctionModel, payload: string): void => asynchronous.submit(fn, payload);
  const queues = new QueueService({ ...core, queues: model.queues });
  const topics = new TopicService({ ...core, topics: model.topics, queues, findFunction, invokeLater });
  const history = new EventHistory();
  const bus: EventBus = new EventBus({ ...core, rules: model.rules, history, destinations: () => destinations });
  const destinations = new Destinations({ queues, topics, findFunction, invokeLater, putEvent: (name, event) => bus.put(name, event) });

  const pollers = makePollers(core, queues, invoke, findFunction);
  pollers.forEach((poller) => core.loop.addSource(poller));
  return {
    runtime,
    invoke,
    takeTurn: (work) => core.loop.patiently(work, () => runtime.isStuck()),
    findFunction,
    asynchronous,
    queues,
    topics,
    pollers,
    bus,
    history,
    intake: new EventIntake(bus, agenda, clock),
  };
}

function makePollers(core: Core, queues: QueueService, invoke: Invoke, findFunction: Work['findFunction']): QueuePoller[] {
  return core.model.eventSourceMappings.flatMap((mapping) => {
    const queue = queues.find(mapping.eventSourceArn);
    const fn = findFunction(mapping.functionArn);
    if (!queue || !fn) {
      core.log.warn(`event source mapping ${mapping.logicalId}: the sandbox feeds functions from queues of the template only, not from ${mapping.eventSourceArn}`);
      return [];
    }
    const fault = () => core.faults.strike('sqs', 'ReceiveMessage', DELIVERY_EFFECTS, fn);
    return [new QueuePoller({ ...core, mapping, queue, fn, queues, invoke, fault, wake: () => core.loop.kick() })];
  });
}
