import { Core } from './core';
import { productsOf, sellerAccount, workloadAccount } from './products';
import { Work } from './work';
import { EVENT_EFFECTS } from '../faults/fault';
import { Authorizer } from '../gateway/authorizer';
import { AwsService, callerTime } from '../gateway/aws-call';
import { AwsGateway } from '../gateway/aws-gateway';
import { Marketplace } from '../marketplace';
import { MarketplaceApi } from '../marketplace/service-api';
import { EventsApi } from '../services/eventbridge/api';
import { LambdaApi } from '../services/lambda/api';
import { ParameterApi, SecretApi } from '../services/parameters/api';
import { DynamoDbApi, S3Api, TelemetryApi } from '../services/small-services';
import { SnsApi } from '../services/sns/api';
import { SqsApi } from '../services/sqs/api';
import { QueueNames } from '../services/sqs/queue-names';
import { Sts } from '../services/sts/api';

/** The AWS that functions and their users see. */
export interface Services {
  readonly sellerAccountId: string;
  readonly marketplace: Marketplace;
  readonly authorizer: Authorizer;
  readonly gateway: AwsGateway;
}

export function makeServices(core: Core, work: Work): Services {
  const { model, clock, faults, log } = core;
  const sellerAccountId = sellerAccount(model);
  const marketplace: Marketplace = new Marketplace({
    ...core,
    events: { put: (bus, event) => work.intake.put(bus, event, faults.strike('events', 'PutEvents', EVENT_EFFECTS)) },
    products: productsOf(model, core.endpoint),
    sellerAccountId,
    instant: () => marketplaceApi.callerTime ?? clock.now() + performance.now(),
  });
  const authorizer = new Authorizer({
    roles: model.roles,
    onDenied: (denial) => log.warn(`DENIED ${denial.function}: ${denial.action} on ${denial.resource}`),
  });
  const marketplaceApi = new MarketplaceApi(marketplace);
  const gateway = new AwsGateway({
    ...core,
    authorizer,
    takeTurn: work.takeTurn,
    now: () => clock.now(),
    failingMarketplace: (error, call) => marketplaceApi.failing(error, call),
    services: makeApis(core, work, marketplaceApi),
  });
  return { sellerAccountId, marketplace, authorizer, gateway };
}

function makeApis(core: Core, work: Work, marketplace: MarketplaceApi): Record<string, AwsService> {
  const { model, clock, callers } = core;
  const account = workloadAccount(model);
  const engine = () => core.engine.current!;
  const telemetry = new TelemetryApi();
  return {
    'dynamodb': new DynamoDbApi(core.dynamodb),
    'sqs': new SqsApi({ ...work, engine, names: new QueueNames(model.queues) }),
    'sns': new SnsApi(work.topics, engine),
    's3': new S3Api(engine),
    'events': new EventsApi({ ...core, buses: model.buses, account, now: () => clock.now(), put: (...event) => work.intake.put(...event) }),
    'lambda': new LambdaApi({ ...core, ...work }),
    'sts': new Sts({ callers, account, instant: (call) => callerTime(call.request) ?? clock.now() }),
    'metering': marketplace,
    'entitlement': marketplace,
    'agreement': marketplace,
    'aws-marketplace': marketplace,
    'ssm': new ParameterApi(model.parameters, core.time),
    'secretsmanager': new SecretApi(model.secrets, core.time),
    'monitoring': telemetry,
    'logs': telemetry,
  };
}
