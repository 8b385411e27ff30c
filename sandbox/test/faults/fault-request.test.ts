import { ControlError } from '../../src/errors';
import type { FaultEffect } from '../../src/faults/fault';
import { Faults } from '../../src/faults/faults';
import type { FunctionModel } from '../../src/model';
import { APIS } from '../../src/services';
import { faultSupport } from '../../src/wiring/core';

const WORKER = { name: 'shop-Worker', arn: 'arn:aws:lambda:us-east-1:000000000000:function:shop-Worker', logicalId: 'Worker4711' } as FunctionModel;
const EVERYTHING: readonly FaultEffect[] = ['error', 'unprocessed', 'crash', 'drop', 'duplicate', 'delay'];

const refusal = (spec: unknown) => {
  try {
    new Faults([WORKER], faultSupport(APIS)).add(spec);
    return undefined;
  } catch (error) {
    return error instanceof ControlError ? error.message : error;
  }
};

test.each([
  [{ service: 'ec2', drop: true }, 'service: "ec2" must be one of lambda, sqs,'],
  [{ service: 'sqs', operation: 'SendMesage', error: 'X' }, 'operation: "SendMesage" is not one sqs has here; it has SendMessage,'],
  [{ service: 'sqs', operation: 'DeleteMessage', drop: true }, 'operation: "DeleteMessage" has nothing to drop: of sqs, drop applies to SendMessage, SendMessageBatch, ReceiveMessage.'],
  [{ service: 'sqs', operation: 'ReceiveMessage', delay: 1 }, 'operation: "ReceiveMessage" has nothing to delay: of sqs, delay applies to SendMessage, SendMessageBatch.'],
  [{ service: 'sns', operation: 'CreateTopic', duplicate: true }, 'operation: "CreateTopic" has nothing to duplicate: of sns, duplicate applies to Publish, PublishBatch.'],
  [{ service: 'lambda', delay: 'PT1M' }, 'delay: "lambda" is not possible for an invocation'],
  [{ service: 'entitlement', error: 'Unprocessed' }, 'error: "Unprocessed" is an outcome of metering\'s BatchMeterUsage only, not of entitlement'],
  [{ service: 'metering', operation: 'ResolveCustomer', error: 'Unprocessed' }, 'not of metering\'s ResolveCustomer'],
  [{ service: 'metering', error: { code: 'ThrottlingException', count: 2 } }, 'error.count: 2 is for the code Unprocessed only'],
  [{ service: 'metering', error: { code: 'X', status: 200 } }, 'error.status: 200 must be an HTTP status from 400 to 599'],
  [{ service: 'metering', error: { code: 'X', afterwards: true } }, 'unknown member afterwards of error'],
  [{ service: 'sqs', drop: 'yes' }, 'drop: "yes" must be true, or left out'],
  [{ service: 'sqs', crash: 'never' }, 'crash: "never" must be "before" or "after"'],
  [{ service: 'sqs', delay: 'soon' }, 'delay: "soon" must be an ISO 8601 duration or seconds, above 0'],
  [{ service: 'sqs', drop: true, function: 'Wroker' }, 'function: "Wroker" is no name, ARN, logical id or start of a logical id of a function of the app; it has Worker4711'],
  [{ service: 'sqs', drop: true, times: 0 }, 'times: 0 must be a whole number from 1'],
  [{ service: 'sqs', drop: true, skip: -1 }, 'skip: -1 must be a whole number from 0'],
  [{ service: 'sqs', drop: true, tims: 1 }, 'unknown member tims of a fault'],
  [{ service: 'sqs' }, 'exactly one of error, crash, drop, duplicate and delay is needed, but there are 0'],
  [{ service: 'sqs', drop: true, duplicate: true }, 'but there are 2'],
])('%j is refused, and why', (spec, message) => {
  expect(refusal(spec)).toContain(message);
});

test.each([
  { service: 'sqs', operation: 'ReceiveMessage', duplicate: true, function: 'Worker' },
  { service: 'sqs', operation: 'DeleteMessage', crash: 'after', function: 'shop-Worker' },
  { service: 'events', operation: 'PutEvents', delay: 'PT30M' },
  { service: 'metering', operation: 'BatchMeterUsage', error: { code: 'Unprocessed', count: 1 } },
  { service: 'dynamodb', drop: true },
  { service: 's3', operation: 'PutObject', error: 'SlowDown' },
])('%j is taken', (spec) => {
  expect(refusal(spec)).toBeUndefined();
});

test('a fault passes by where it could do nothing, and neither counts nor is used up', () => {
  const faults = new Faults([WORKER], faultSupport(APIS));
  faults.add({ service: 'sqs', error: 'Boom', skip: 1, times: 1 });
  for (let delivery = 0; delivery < 3; delivery++) expect(faults.take('sqs', 'ReceiveMessage', ['drop', 'duplicate'], WORKER)).toBeUndefined();
  expect(faults.take('sqs', 'SendMessage', EVERYTHING, WORKER)).toBeUndefined();
  expect(faults.take('sqs', 'SendMessage', EVERYTHING, WORKER)).toMatchObject({ error: { code: 'Boom' } });
  expect(faults.list()).toMatchObject([{ hits: 1, remaining: 0 }]);
});

test.each([['InternalServiceErrorException', 500], ['ServiceUnavailable', 503], ['ThrottlingException', 400], [{ code: 'Own', status: 429 }, 429]])(
  'the status of %j is %d', (error, status) => {
    const faults = new Faults([], faultSupport(APIS));
    faults.add({ service: 'metering', error });
    expect(faults.take('metering', 'BatchMeterUsage', EVERYTHING)).toMatchObject({ error: { status } });
  },
);
