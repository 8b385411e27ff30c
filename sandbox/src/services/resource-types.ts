import type { Handlers, ResourceHandler } from '../template/resource-type';
import { apiGatewayHandlers } from './api-gateway/resources';
import { cdkHandlers } from './cloudformation/resources';
import { dynamoDbHandlers } from './dynamodb/resources';
import { eventsHandlers } from './eventbridge/resources';
import { schedulerHandlers } from './eventbridge/scheduler-resources';
import { iamHandlers } from './iam/resources';
import { lambdaHandlers } from './lambda/resources';
import { configurationHandlers } from './parameters/resources';
import { s3Handlers } from './s3/resources';
import { securityHandlers } from './security/resources';
import { snsHandlers } from './sns/resources';
import { sqsHandlers } from './sqs/resources';
import { observabilityHandlers } from './telemetry/resources';
import { stubHandler } from '../template/unknown-type';

const HANDLERS: Handlers = {
  ...apiGatewayHandlers,
  ...cdkHandlers,
  ...configurationHandlers,
  ...dynamoDbHandlers,
  ...eventsHandlers,
  ...iamHandlers,
  ...lambdaHandlers,
  ...observabilityHandlers,
  ...s3Handlers,
  ...schedulerHandlers,
  ...securityHandlers,
  ...snsHandlers,
  ...sqsHandlers,
};

export function handlerOf(type: string): ResourceHandler {
  return HANDLERS[type] ?? stubHandler;
}
