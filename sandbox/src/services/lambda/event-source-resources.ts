import { compileFilters, type FilterPattern } from './event-filter';
import type { StreamMappingModel } from './model';
import { referredFunctionArn } from './referred-function';
import { uuidOf } from '../../ids';
import type { Resource, ResourceType } from '../../template';

/** Sources the sandbox polls. */
const POLLED = /^arn:[^:]+:(?:sqs:|dynamodb:.*\/stream\/)/;
const STREAM = /\/stream\//;

const UNSUPPORTED_MAPPING_FEATURES = ['ProvisionedPollerConfig', 'TumblingWindowInSeconds', 'KmsKeyArn'];

export const eventSourceMapping: ResourceType = {
  reference: uuidOfMapping,
  attributes: { Id: uuidOfMapping },
  build: (resource, model) => {
    const eventSourceArn = resource.get('EventSourceArn').string();
    if (!POLLED.test(eventSourceArn)) {
      resource.unsupported(`events from ${eventSourceArn}, as it is neither an SQS queue nor the stream of a DynamoDB table`, eventSourceArn);
      return;
    }
    for (const feature of UNSUPPORTED_MAPPING_FEATURES.filter((name) => resource.get(name).exists)) {
      resource.unsupported(`${feature} of an event source mapping`);
    }
    const filters = filtersOf(resource);
    const isStream = STREAM.test(eventSourceArn);
    const maximumConcurrency = resource.get('ScalingConfig').get('MaximumConcurrency').optionalNumber();
    model.eventSourceMappings.push({
      ...resource.origin(),
      uuid: uuidOfMapping(resource),
      functionArn: referredFunctionArn(resource),
      eventSourceArn,
      enabled: resource.get('Enabled').boolean(true),
      batchSize: resource.get('BatchSize').number(isStream ? 100 : 10),
      maximumBatchingWindowSeconds: resource.get('MaximumBatchingWindowInSeconds').number(0),
      reportBatchItemFailures: resource.get('FunctionResponseTypes').strings().includes('ReportBatchItemFailures'),
      ...(maximumConcurrency !== undefined && { maximumConcurrency }),
      ...(filters.length > 0 && { filters }),
      ...(isStream && { stream: streamOf(resource) }),
    });
  },
};

function uuidOfMapping(resource: Resource): string {
  return uuidOf(resource.digest(32));
}

function filtersOf(resource: Resource): FilterPattern[] {
  return resource.get('FilterCriteria').get('Filters').list().map((filter) => {
    const pattern = filter.get('Pattern');
    try {
      const parsed = JSON.parse(pattern.string()) as FilterPattern;
      compileFilters([parsed]);
      return parsed;
    } catch (error) {
      return pattern.place.fail(`${error instanceof Error ? error.message : String(error)}.`);
    }
  });
}

function streamOf(resource: Resource): StreamMappingModel {
  const onFailureArn = resource.get('DestinationConfig').get('OnFailure').get('Destination').optionalString();
  return {
    maximumRetryAttempts: resource.get('MaximumRetryAttempts').number(-1),
    maximumRecordAgeSeconds: resource.get('MaximumRecordAgeInSeconds').number(-1),
    bisects: resource.get('BisectBatchOnFunctionError').boolean(false),
    ...(onFailureArn !== undefined && { onFailureArn }),
  };
}

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
