import { API_GATEWAY, type ApiGatewayState } from './api-gateway';
import { CLOUDFORMATION } from './cloudformation';
import { DYNAMODB } from './dynamodb';
import { EVENTBRIDGE, type EventBridgeState } from './eventbridge';
import { FAUXQS } from './fauxqs';
import { HTTP_API } from './http-api';
import { IAM } from './iam';
import { INERT } from './inert';
import { LAMBDA, type LambdaState } from './lambda';
import { PARAMETERS } from './parameters';
import { S3 } from './s3';
import { SECURITY } from './security';
import { SES, type SesState } from './ses';
import { SNS } from './sns';
import { SQS, type SqsState } from './sqs';
import { STS } from './sts';
import { TELEMETRY, type TelemetryState } from './telemetry';
import type { ControlState } from '../control/state';
import { MARKETPLACE, type MarketplaceState } from '../marketplace/service';
import type { SandboxService } from '../wiring/service';

/** All services, in the order in which they start: a service comes after those that it uses. */
export const SERVICES: readonly SandboxService<any, any>[] = [
  FAUXQS,
  IAM,
  INERT,
  SECURITY,
  LAMBDA,
  SQS,
  STS,
  SNS,
  EVENTBRIDGE,
  API_GATEWAY,
  HTTP_API,
  TELEMETRY,
  S3,
  SES,
  PARAMETERS,
  DYNAMODB,
  MARKETPLACE,
  // Its custom resources use all others.
  CLOUDFORMATION,
];

export const APIS = SERVICES.flatMap((service) => service.apis ?? []);

/** What `GET /_sandbox/state` answers. */
export interface SandboxState
  extends ControlState, MarketplaceState, SqsState, EventBridgeState, LambdaState, TelemetryState, SesState, ApiGatewayState {}
