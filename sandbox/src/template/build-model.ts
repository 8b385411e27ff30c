import type { MutableModel, SandboxModel } from '../model';
import type { Assembly } from './assembly';
import { Deployment } from './deployment';
import { AssemblyError } from './errors';
import type { TemplateSupport } from './resource-type';

export interface BuildModelOptions {
  /** Where the sandbox will listen, without a slash at the end: queue and API URLs start with it. */
  readonly endpoint: string;
  /**
   * Names of the stacks to deploy, as in the template or as `cdk list` shows them.
   *
   * @default all
   */
  readonly stacks?: readonly string[];
  /** What to do about resources the sandbox cannot stand in for: refuse all of them at once, or let them do nothing. */
  readonly unsupported: 'error' | 'stub';
}

/**
 * What the stacks of an assembly mean, with every reference resolved. Names and ids are the same on each call.
 *
 * @param support what the services add: resource types, lists of the model, checks
 * @throws AssemblyError when a reference cannot be resolved, or with `unsupported: 'error'` a resource cannot be stood in for.
 */
export function buildModel(assembly: Assembly, support: readonly TemplateSupport[], options: BuildModelOptions): SandboxModel {
  const deployment = new Deployment(assembly, support, options.endpoint, options.stacks);
  const model = emptyModel(support);
  for (const resource of deployment.all()) {
    // Properties that no resource type reads must be resolvable too.
    resource.propertyNames().forEach((name) => resource.get(name));
    resource.known.build?.(resource, model);
  }
  support.forEach((service) => service.check?.(model, deployment));
  for (const stack of deployment.stacks) {
    model.stacks.push({ name: stack.name, account: stack.account, region: stack.region, outputs: stack.outputs() });
  }
  if (deployment.unsupported.length > 0 && options.unsupported === 'error') {
    const list = deployment.unsupported.map(({ resource, reason }) => `\n  ${resource.type} ${resource.logicalId} in stack ${resource.stack.name}: ${reason}`);
    throw new AssemblyError(`The sandbox does not support (use "--unsupported stub" to let these do nothing):${list.join('')}`);
  }
  for (const resource of new Set(deployment.unsupported.map((entry) => entry.resource))) {
    model.stubs.push({ stack: resource.stack.name, logicalId: resource.logicalId, type: resource.type });
  }
  return model;
}

function emptyModel(support: readonly TemplateSupport[]): MutableModel {
  const lists = ['stacks', 'functions', 'roles', 'stubs', ...support.flatMap((service) => service.lists ?? [])];
  return Object.fromEntries(lists.map((list) => [list, []])) as unknown as MutableModel;
}
