import { DELIVERY_EFFECTS } from '../../faults/fault';
import type { Core } from '../../wiring/core';
import type { RunningService, SandboxService } from '../../wiring/service';
import { FAUXQS } from '../fauxqs';
import { LAMBDA, type RunningLambda } from '../lambda';
import { sqsActions } from './actions';
import { SqsApi } from './api';
import { checkVisibilityTimeouts } from './check-mappings';
import { deadLetterQueues } from './dead-letters';
import { QueueNames } from './queue-names';
import { QueuePoller } from './queue-poller';
import { QueueService } from './queue-service';
import { SQS_TYPES } from './resources';

export interface SqsState {
  /** Messages by queue, for every queue that takes what could not be processed. */
  readonly deadLetters: Readonly<Record<string, number>>;
}

export interface RunningSqs extends RunningService {
  state(): Promise<SqsState>;
}

const SENDING = ['SendMessage', 'SendMessageBatch'];
/** What Lambda does in the role of a function that a queue invokes. */
const POLLING_ACTIONS = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'];

export const SQS: SandboxService<RunningSqs> = {
  name: 'sqs',
  resources: SQS_TYPES,
  lists: ['queues'],
  check: checkVisibilityTimeouts,
  apis: [{
    name: 'sqs',
    target: 'AmazonSQS',
    format: ({ headers }) => headers['x-amz-target'] ? 'json' : 'query',
    actions: sqsActions,
    faults: {
      operations: [
        ...SENDING, 'CancelMessageMoveTask', 'ChangeMessageVisibility', 'ChangeMessageVisibilityBatch', 'CreateQueue', 'DeleteMessage', 'DeleteMessageBatch',
        'DeleteQueue', 'GetQueueAttributes', 'GetQueueUrl', 'ListMessageMoveTasks', 'ListQueues', 'ListQueueTags', 'PurgeQueue', 'ReceiveMessage',
        'SetQueueAttributes', 'StartMessageMoveTask', 'TagQueue', 'UntagQueue',
      ],
      // A batch on its way to a function counts as ReceiveMessage.
      applicable: { drop: [...SENDING, 'ReceiveMessage'], duplicate: [...SENDING, 'ReceiveMessage'], delay: SENDING },
    },
  }],
  start: ({ core, services }) => {
    const { model, loop } = core;
    const { engine } = services.get(FAUXQS);
    const queues = new QueueService({ ...core, queues: model.queues });
    const pollers = makePollers(core, queues, services.get(LAMBDA));
    pollers.forEach((poller) => loop.addSource(poller));
    return {
      handlers: { sqs: new SqsApi({ queues, engine, names: new QueueNames(model.queues), runInTurn: (work) => loop.runInTurn(work) }) },
      destinations: {
        sqs: async (arn, { body, attributes, groupId, deduplicationId }) => {
          const queue = queues.find(arn);
          if (queue) {
            await queues.send(queue, { body, attributes, ...queue.fifo && { groupId: groupId ?? 'sandbox', deduplicationId } });
          }
          return queue !== undefined;
        },
      },
      deploy: async () => {
        await queues.deploy(engine());
        for (const mapping of model.eventSourceMappings.filter(({ stream }) => !stream)) {
          const fn = services.get(LAMBDA).find(mapping.functionArn);
          if (fn) {
            core.authorizer.checkRole(fn, POLLING_ACTIONS, mapping.eventSourceArn, core.clock.now());
          }
        }
      },
      reset: () => pollers.forEach((poller) => poller.reset()),
      state: async () => {
        const counts: [string, number][] = [];
        for (const queue of deadLetterQueues(model)) {
          const { visible, invisible } = await queues.count(queue);
          counts.push([queue.name, visible + invisible]);
          core.metrics.add({ namespace: 'AWS/SQS', name: 'ApproximateNumberOfMessagesVisible', dimensions: { QueueName: queue.name } }, core.clock.now(), visible);
        }
        return { deadLetters: Object.fromEntries(counts.sort(([a], [b]) => a < b ? -1 : 1)) };
      },
    };
  },
};

function makePollers(core: Core, queues: QueueService, lambda: RunningLambda): QueuePoller[] {
  return core.model.eventSourceMappings.filter(({ stream }) => !stream).flatMap((mapping) => {
    const queue = queues.find(mapping.eventSourceArn);
    const fn = lambda.find(mapping.functionArn);
    if (!queue || !fn) {
      core.log.warn(`event source mapping ${mapping.logicalId}: the sandbox feeds functions from queues of the template only, not from ${mapping.eventSourceArn}`);
      return [];
    }
    const fault = () => core.faults.take('sqs', 'ReceiveMessage', DELIVERY_EFFECTS, fn);
    const wake = (): void => core.loop.wake();
    return [new QueuePoller({ ...core, mapping, queue, fn, queues, invoke: lambda.invoke, isEnabled: () => lambda.isEnabled(mapping), fault, wake })];
  });
}
