import type { Handlers, ResourceHandler } from '../resource-handler';
import { apiGatewayHandlers } from './api-gateway';
import { cdkHandlers } from './cdk';
import { configurationHandlers } from './configuration';
import { dynamoDbHandlers } from './dynamodb';
import { eventsHandlers } from './events';
import { iamHandlers } from './iam';
import { lambdaHandlers } from './lambda';
import { observabilityHandlers } from './observability';
import { s3Handlers } from './s3';
import { schedulerHandlers } from './scheduler';
import { securityHandlers } from './security';
import { snsHandlers } from './sns';
import { sqsHandlers } from './sqs';
import { stubHandler } from './stub';

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
