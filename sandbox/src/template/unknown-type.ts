import type { ResourceHandler } from './resource-type';

/** Stands in for types the sandbox does not know: enough for references to resolve, if stubs were allowed. */
export const stubHandler: ResourceHandler = {
  anyAttribute: (resource, name) => `stub:${resource.logicalId}.${name}`,
  build: (resource) => resource.unsupported('unknown resource type'),
};
