import type { AwsCall } from '../../gateway/aws-call';
import { callerArn, jsonBody, operationOf, text, UnknownRequestError, type ActionMapper } from '../../iam/action-request';
import type { AccessRequest } from '../../iam/evaluate';

/** Batches need the permission of the single operation. */
const SINGLE: Readonly<Record<string, string>> = {
  ChangeMessageVisibilityBatch: 'ChangeMessageVisibility',
  DeleteMessageBatch: 'DeleteMessage',
  SendMessageBatch: 'SendMessage',
};

export const sqsActions: ActionMapper = (call, account) => {
  const operation = operationOf(call);
  const parameters = call.format === 'query' ? call.parameters : jsonBody(call);
  const action = `sqs:${SINGLE[operation] ?? operation}`;
  if (operation.endsWith('MessageMoveTask') || operation === 'ListMessageMoveTasks') {
    return moveTaskAccesses(action, parameters);
  }
  return [{ action, resource: operation === 'ListQueues' ? '*' : queueArn(call, account, parameters) }];
};

/** Moving messages needs the permissions to receive and to send them. */
function moveTaskAccesses(action: string, parameters: Readonly<Record<string, unknown>>): AccessRequest[] {
  const source = text(parameters.SourceArn) ?? sourceOf(text(parameters.TaskHandle) ?? '');
  if (source === undefined) {
    throw new UnknownRequestError(`a request to sqs names no queue: ${action} needs a SourceArn or a TaskHandle`);
  }
  if (action !== 'sqs:StartMessageMoveTask') {
    return [{ action, resource: source }];
  }
  const destination = text(parameters.DestinationArn);
  return [
    ...[action, 'sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'].map((needed) => ({ action: needed, resource: source })),
    ...destination === undefined ? [] : [{ action: 'sqs:SendMessage', resource: destination }],
  ];
}

/** A task's handle names its queue. */
function sourceOf(handle: string): string | undefined {
  try {
    return text((JSON.parse(Buffer.from(handle, 'base64').toString()) as { sourceArn?: unknown } | null)?.sourceArn);
  } catch {
    return undefined;
  }
}

function queueArn(call: AwsCall, account: string, parameters: Readonly<Record<string, unknown>>): string {
  const name = text(parameters.QueueName);
  if (name !== undefined) {
    return callerArn(call, account, 'sqs', name);
  }
  const path = text(parameters.QueueUrl)?.replace(/^https?:\/\/[^/]+/, '') ?? call.request.path;
  const [, owner, queue] = /^\/([^/?]+)\/([^/?]+)/.exec(path) ?? [];
  if (owner === undefined || queue === undefined) {
    throw new UnknownRequestError('a request to sqs names no queue');
  }
  return callerArn(call, owner, 'sqs', queue);
}
