import type { ResourceType } from './resource-type';

/** Stands in for types that the sandbox does not know: references resolve, if stubs are allowed. */
export const UNKNOWN_TYPE: ResourceType = {
  anyAttribute: (resource, name) => `stub:${resource.logicalId}.${name}`,
  build: (resource) => resource.unsupported('unknown resource type'),
};
