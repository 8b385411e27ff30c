import type { MutableModel, SandboxModel } from '../model';
import type { Assembly } from './assembly';
import { Deployment, matchesType } from './deployment';
import { AssemblyError } from './errors';
import type { GivenValues } from './given-values';
import type { Provided } from './provided-values';
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
  /**
   * Types that do nothing where the sandbox does not support them, such as `AWS::Kinesis::*`. What depends on such a resource, a rule
   * that sends events to it say, loses just that.
   *
   * @default none
   */
  readonly stubs?: readonly string[];
  /** Values that resources got in an earlier round of the deployment. */
  readonly provided?: Provided;
  /** Values that only the person who deploys knows. */
  readonly given?: GivenValues;
}

/**
 * What the stacks of an assembly mean, with every reference resolved. Names and ids are the same on each call.
 *
 * @param support what the services add: resource types, lists of the model, checks
 * @throws AssemblyError when a reference cannot be resolved, or with `unsupported: 'error'` a resource cannot be stood in for.
 */
export function buildModel(assembly: Assembly, support: readonly TemplateSupport[], options: BuildModelOptions): SandboxModel {
  const deployment = new Deployment(assembly, support, options.endpoint, options);
  const model = emptyModel(support);
  for (const resource of deployment.all()) {
    // Properties that no resource type reads must be resolvable too.
    resource.propertyNames().forEach((name) => resource.get(name));
    resource.known.build?.(resource, model);
  }
  for (const stack of deployment.stacks.filter(({ isNested }) => !isNested)) {
    model.stacks.push({ id: stack.stackId, name: stack.name, account: stack.account, region: stack.region, outputs: stack.outputs() });
  }
  support.forEach((service) => service.check?.(model, deployment));
  addStubs(deployment, model, options);
  model.madeUp.push(...deployment.madeUpValues());
  for (const { known, stack, logicalId, type } of deployment.all()) {
    if (known.inert === true) {
      model.inert.push({ stack: stack.name, logicalId, type });
    }
  }
  return model;
}

/** @throws AssemblyError naming all that is not supported and that may not be a stub */
function addStubs({ unsupported }: Deployment, model: MutableModel, options: BuildModelOptions): void {
  const patterns = options.unsupported === 'stub' ? ['*'] : options.stubs ?? [];
  const mayBeStub = (type: string) => patterns.some((pattern) => matchesType(pattern, type));
  const refused = unsupported.filter(({ resource, cause }) => !mayBeStub(resource.type) && !(cause !== undefined && mayBeStub(cause.type)));
  if (refused.length > 0) {
    const list = refused.map(({ resource, reason }) => `\n  ${resource.type} ${resource.logicalId} in stack ${resource.stack.name}: ${reason}`);
    const pattern = refused[0]!.cause?.type ?? refused[0]!.resource.type;
    throw new AssemblyError(`The sandbox does not support (--stub '${pattern}' lets resources of that type do nothing, --unsupported stub all):${list.join('')}`);
  }
  for (const resource of new Set(unsupported.map((entry) => entry.resource))) {
    const reasons = unsupported.filter((entry) => entry.resource === resource).map(({ reason }) => reason);
    model.stubs.push(resource.withReason(reasons.join('; ')));
  }
}

function emptyModel(support: readonly TemplateSupport[]): MutableModel {
  const lists = ['stacks', 'functions', 'roles', 'stubs', 'unchecked', 'inert', 'madeUp', ...support.flatMap((service) => service.lists ?? [])];
  return Object.fromEntries(lists.map((list) => [list, []])) as unknown as MutableModel;
}
