import { arn, jsonBody, queryParameters, text, UnknownRequestError, type ActionMapper, type AwsRequest } from '../../iam/action-request';
import type { AccessRequest } from '../../iam/evaluate';

/** Batches need the permission of the single operation. */
const SINGLE: Readonly<Record<string, string>> = {
  ChangeMessageVisibilityBatch: 'ChangeMessageVisibility',
  DeleteMessageBatch: 'DeleteMessage',
  SendMessageBatch: 'SendMessage',
};

/** Speaks AWS JSON (current SDKs) and AWS Query (older ones). */
export const sqsActions: ActionMapper = (request) => {
  const target = request.headers['x-amz-target'];
  const parameters = target === undefined ? Object.fromEntries(queryParameters(request)) : jsonBody(request);
  const operation = target?.split('.').at(-1) ?? text(parameters.Action);
  if (operation === undefined) {
    throw new UnknownRequestError('a request to sqs names no operation');
  }
  const action = `sqs:${SINGLE[operation] ?? operation}`;
  if (operation.endsWith('MessageMoveTask') || operation === 'ListMessageMoveTasks') {
    return moveTaskAccesses(action, parameters);
  }
  return [{ action, resource: operation === 'ListQueues' ? '*' : queueArn(request, parameters) }];
};

/** Whoever moves messages needs what it takes to receive and send them. */
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

function queueArn(request: AwsRequest, parameters: Readonly<Record<string, unknown>>): string {
  const name = text(parameters.QueueName);
  if (name !== undefined) {
    return arn(request, 'sqs', name);
  }
  const path = text(parameters.QueueUrl)?.replace(/^https?:\/\/[^/]+/, '') ?? request.path;
  const [, account, queue] = /^\/([^/?]+)\/([^/?]+)/.exec(path) ?? [];
  if (account === undefined || queue === undefined) {
    throw new UnknownRequestError('a request to sqs names no queue');
  }
  return arn({ ...request, account }, 'sqs', queue);
}
