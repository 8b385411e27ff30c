import { CLOUDFORMATION_OPERATIONS, CloudFormationApi, cloudFormationActions } from './api';
import { deployToBucket } from './bucket-deployment';
import { CDK_TYPES, isCustom } from './cdk-resources';
import { customResource } from './custom-resource';
import type { CustomResourceModel, StackResourceModel } from './model';
import { CLOUDFORMATION_TYPES } from './resources';
import { ResponseInbox } from './response-inbox';
import { runCustomResource } from './run-custom-resource';
import { hasPendingValues, providedKey, type Deployment, type ProvidedValues } from '../../template';
import type { SandboxService } from '../../wiring/service';
import { FAUXQS } from '../fauxqs';
import { LAMBDA } from '../lambda';

/** What CloudFormation and the CDK add on their own account: nested stacks, custom resources, files in buckets. And what was deployed, to read. */
export const CLOUDFORMATION: SandboxService = {
  name: 'cloudformation',
  resources: { ...CLOUDFORMATION_TYPES, ...CDK_TYPES },
  lists: ['customResources', 'bucketDeployments', 'stackResources'],
  apis: [{
    name: 'cloudformation',
    format: 'query',
    recognizes: (_, action) => action !== undefined && CLOUDFORMATION_OPERATIONS.includes(action),
    actions: cloudFormationActions,
  }],
  typeOf: (name) => isCustom(name) ? customResource : undefined,
  check: (model, deployment) => {
    model.stackResources.push(...stackResources(deployment));
  },
  start: ({ core: { model, scratch, time }, services }) => {
    const lambda = services.get(LAMBDA);
    const { engine } = services.get(FAUXQS);
    const inbox = new ResponseInbox();
    const provided = new Map<string, ProvidedValues>();
    return {
      handlers: { cloudformation: new CloudFormationApi(model, () => time) },
      website: inbox,
      provided: () => provided,
      deploy: async () => {
        for (const deployment of model.bucketDeployments) {
          await deployToBucket(deployment, engine(), scratch);
        }
        for (const resource of inOrder(model.customResources)) {
          if (!hasPendingValues(resource.properties)) {
            provided.set(providedKey(resource), await runCustomResource(resource, { lambda, inbox }));
          }
        }
      },
      reset: () => {
        inbox.clear();
        provided.clear();
      },
    };
  },
};

/** Custom resources have a physical id only when they have answered. */
function stackResources(deployment: Deployment): StackResourceModel[] {
  return deployment.all().filter(({ type }) => !isCustom(type)).map((resource) => ({
    stack: resource.stack.name, logicalId: resource.logicalId, type: resource.type, physicalId: String(resource.reference()),
  }));
}

/** Each after those that it depends on. */
function inOrder(resources: readonly CustomResourceModel[]): CustomResourceModel[] {
  const ordered: CustomResourceModel[] = [];
  const visit = (resource: CustomResourceModel): void => {
    if (!ordered.includes(resource)) {
      resource.after.forEach((key) => resources.filter((other) => providedKey(other) === key).forEach(visit));
      ordered.push(resource);
    }
  };
  resources.forEach(visit);
  return ordered;
}
