import type { PlannedStageModel, QuotaModel, RateModel } from './model';
import type { Resource, ResourceTypes, Value } from '../../template';

const API_KEY = 'AWS::ApiGateway::ApiKey';
const USAGE_PLAN_KEY = 'AWS::ApiGateway::UsagePlanKey';
/** Length of the values that API Gateway generates. */
const VALUE_LENGTH = 40;

/** API keys, and the usage plans that say where they are good. */
export const API_KEY_TYPES: ResourceTypes = {
  [API_KEY]: {
    reference: keyId,
    attributes: { APIKeyId: keyId },
    build: (resource, model) => {
      // StageKeys, which the CDK writes too, do not make a key good anywhere: only usage plans do.
      model.apiKeys.push({
        ...resource.origin(),
        id: keyId(resource),
        name: resource.get('Name').string(resource.generatedName()),
        value: resource.get('Value').string(resource.digest(VALUE_LENGTH)),
        enabled: resource.get('Enabled').boolean(false),
      });
    },
  },
  'AWS::ApiGateway::UsagePlan': {
    reference: planId,
    attributes: { Id: planId },
    build: (resource, model) => {
      const keys = resource.stack.deployment.all(USAGE_PLAN_KEY).filter((key) => key.get('UsagePlanId').string() === planId(resource));
      const quota = resource.get('Quota');
      const throttle = resource.get('Throttle');
      model.usagePlans.push({
        ...resource.origin(),
        id: planId(resource),
        stages: resource.get('ApiStages').list().map(stageOf),
        keyIds: keys.map((key) => key.get('KeyId').string()),
        ...quota.exists && { quota: quotaOf(quota) },
        ...throttle.exists && { throttle: rateOf(throttle) },
      });
    },
  },
  [USAGE_PLAN_KEY]: {
    build: (resource) => {
      const id = resource.get('KeyId').string();
      if (!resource.stack.deployment.all(API_KEY).some((key) => keyId(key) === id)) {
        resource.unsupported(`the API key ${id}, which the app does not create`);
      }
    },
  },
};

function keyId(resource: Resource): string {
  return resource.digest(10);
}

function planId(resource: Resource): string {
  return resource.digest(6);
}

function stageOf(stage: Value): PlannedStageModel {
  const throttle = stage.get('Throttle');
  const methods = Object.keys(throttle.exists ? throttle.record() : {}).map((method) => [method, rateOf(throttle.get(method))] as const);
  return { apiId: stage.get('ApiId').string(), stage: stage.get('Stage').string(), methods: Object.fromEntries(methods) };
}

/** A rate without a burst lets a second's worth of requests through at once, and a burst without a rate is refilled in a second. */
function rateOf(throttle: Value): RateModel {
  const rate = throttle.get('RateLimit').optionalNumber();
  const burst = throttle.get('BurstLimit').optionalNumber();
  return { rate: rate ?? burst ?? 0, burst: burst ?? Math.ceil(rate ?? 0) };
}

function quotaOf(quota: Value): QuotaModel {
  const period = quota.get('Period').string();
  if (period !== 'DAY' && period !== 'WEEK' && period !== 'MONTH') {
    return quota.get('Period').place.fail(`DAY, WEEK or MONTH is needed, but this is "${period}".`);
  }
  return { period, limit: quota.get('Limit').number(), offsetDays: quota.get('Offset').number(0) };
}
