import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { forwardBatch } from './forward-batch';
import { BACKGROUND_TABLE_LIMITS } from '../adapters/aws/client-limits';
import { readEnvironment } from '../adapters/aws/environment';
import { createLogger } from '../adapters/aws/logging';
import { NotificationBus, regionOfBus } from '../adapters/events/notification-bus';

const { WORKLOAD_EVENT_BUS_ARN: busArn } = readEnvironment(process.env, 'WORKLOAD_EVENT_BUS_ARN');
const client = new EventBridgeClient({ region: regionOfBus(busArn), ...BACKGROUND_TABLE_LIMITS });
const deps = { bus: new NotificationBus(client, busArn), log: createLogger('notification-forwarding') };

/** Runs in the seller account: forwards notifications of a legacy product to the event bus of the workload. */
export const handler = async (event: SQSEvent): Promise<SQSBatchResponse> => forwardBatch(event, deps);
