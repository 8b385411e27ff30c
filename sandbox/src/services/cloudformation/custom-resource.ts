import { isCustom, providerOf } from './cdk-resources';
import { hasPendingValues, pendingValue, providedKey, type Resource, type ResourceType } from '../../template';

const FUNCTION = 'AWS::Lambda::Function';

/** A custom resource: its function runs when the app is deployed, and its values are those that the function answers. */
export const customResource: ResourceType = {
  reference: (resource) => isRun(resource) ? valuesOf(resource)?.physicalId ?? pendingValue(keyOf(resource), 'Ref') : resource.generatedName(),
  anyAttribute: (resource, name) => {
    if (!isRun(resource)) {
      return `stub:${resource.logicalId}.${name}`;
    }
    const values = valuesOf(resource);
    return values === undefined ? pendingValue(keyOf(resource), name) : values.data[name];
  },
  build: (resource, model) => {
    if (resource.stack.deployment.isStub(resource.type)) {
      resource.unsupported('its function is not run');
    } else if (!isRun(resource)) {
      resource.unsupported(`a custom resource whose function the app does not deploy (its ServiceToken is ${providerOf(resource)})`);
    } else {
      model.customResources.push({
        ...resource.origin(),
        type: resource.type,
        stackId: resource.stack.stackId,
        functionArn: providerOf(resource),
        properties: Object.fromEntries(resource.propertyNames().map((name) => [name, resource.get(name).data])),
        after: before(resource, new Set()),
      });
    }
  },
};

function isRun(resource: Resource): boolean {
  const { deployment } = resource.stack;
  const provider = providerOf(resource);
  return !deployment.isStub(resource.type) && !hasPendingValues(provider)
    && deployment.all(FUNCTION).some((fn) => fn.attribute('Arn', resource.place) === provider);
}

function valuesOf(resource: Resource) {
  return resource.stack.deployment.provided(resource);
}

function keyOf(resource: Resource): string {
  return providedKey({ stack: resource.stack.name, logicalId: resource.logicalId });
}

/** Keys of the custom resources of its stack that CloudFormation makes before, also those that it needs by way of other resources. */
function before(resource: Resource, seen: Set<string>): string[] {
  return resource.dependencies().flatMap((logicalId) => {
    const found = resource.stack.find(logicalId);
    if (found === undefined || seen.has(logicalId)) {
      return [];
    }
    seen.add(logicalId);
    return [...before(found, seen), ...isCustom(found.type) ? [keyOf(found)] : []];
  });
}
