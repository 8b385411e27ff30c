import { arn, jsonBody, queryParameters, text, UnknownRequestError, type ActionMapper, type AwsRequest } from './request';

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
  return [{ action, resource: operation === 'ListQueues' ? '*' : queueArn(request, parameters) }];
};

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
