import { referredFunctionArn } from './referred-function';
import type { ResourceType } from '../../template';

/** Sources the sandbox polls. */
const POLLED = /^arn:[^:]+:sqs:/;

const UNSUPPORTED_MAPPING_FEATURES = ['FilterCriteria', 'ProvisionedPollerConfig', 'DestinationConfig'];

export const eventSourceMapping: ResourceType = {
  attributes: { Id: (resource) => resource.generatedName() },
  build: (resource, model) => {
    const eventSourceArn = resource.get('EventSourceArn').string();
    if (!POLLED.test(eventSourceArn)) {
      resource.unsupported(`events from ${eventSourceArn}, as it is no SQS queue`, eventSourceArn);
      return;
    }
    for (const feature of UNSUPPORTED_MAPPING_FEATURES.filter((name) => resource.get(name).exists)) {
      resource.unsupported(`${feature} of an event source mapping`);
    }
    const maximumConcurrency = resource.get('ScalingConfig').get('MaximumConcurrency').optionalNumber();
    model.eventSourceMappings.push({
      ...resource.origin(),
      functionArn: referredFunctionArn(resource),
      eventSourceArn,
      enabled: resource.get('Enabled').boolean(true),
      batchSize: resource.get('BatchSize').number(10),
      maximumBatchingWindowSeconds: resource.get('MaximumBatchingWindowInSeconds').number(0),
      reportBatchItemFailures: resource.get('FunctionResponseTypes').strings().includes('ReportBatchItemFailures'),
      ...(maximumConcurrency !== undefined && { maximumConcurrency }),
    });
  },
};

export const eventInvokeConfig: ResourceType = {
  build: (resource, model) => {
    const destinations = resource.get('DestinationConfig');
    const onFailureArn = destinations.get('OnFailure').get('Destination').optionalString();
    const onSuccessArn = destinations.get('OnSuccess').get('Destination').optionalString();
    model.eventInvokeConfigs.push({
      ...resource.origin(),
      functionArn: referredFunctionArn(resource),
      maximumRetryAttempts: resource.get('MaximumRetryAttempts').number(2),
      maximumEventAgeSeconds: resource.get('MaximumEventAgeInSeconds').number(21_600),
      ...(onFailureArn !== undefined && { onFailureArn }),
      ...(onSuccessArn !== undefined && { onSuccessArn }),
    });
  },
};
