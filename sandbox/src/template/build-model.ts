import { rolesInUse, unknownPoliciesOf } from '../iam';
import type { RoleModel, SandboxModel, TableModel } from '../model';
import type { Assembly } from './assembly';
import { Deployment } from './deployment';
import { AssemblyError } from './errors';
import type { Draft } from './resource-type';
import { ROLE } from '../services/iam/resources';
import { checkVisibilityTimeouts } from '../services/lambda/check-mappings';

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
 * @throws AssemblyError when a reference cannot be resolved, or with `unsupported: 'error'` a resource cannot be stood in for.
 */
export function buildModel(assembly: Assembly, options: BuildModelOptions): SandboxModel {
  const deployment = new Deployment(assembly, options.endpoint, options.stacks);
  const draft: Draft = {
    stacks: [],
    functions: [],
    roles: [],
    queues: [],
    topics: [],
    buckets: [],
    tables: [],
    buses: [],
    rules: [],
    eventSourceMappings: [],
    eventInvokeConfigs: [],
    apis: [],
    parameters: [],
    secrets: [],
    stubs: [],
  };
  for (const resource of deployment.all()) {
    // Also what no handler reads has to make sense.
    resource.propertyNames().forEach((name) => resource.get(name));
    resource.handler.build?.(resource, draft);
  }
  rolesInUse(draft.functions, draft.roles).forEach((role) => checkPolicies(role, deployment));
  checkTableNames(draft.tables);
  checkVisibilityTimeouts(draft);
  for (const stack of deployment.stacks) {
    draft.stacks.push({ name: stack.name, account: stack.account, region: stack.region, outputs: stack.outputs() });
  }
  if (deployment.unsupported.length > 0 && options.unsupported === 'error') {
    const list = deployment.unsupported.map(({ resource, reason }) => `\n  ${resource.type} ${resource.logicalId} in stack ${resource.stack.name}: ${reason}`);
    throw new AssemblyError(`The sandbox does not support (use "--unsupported stub" to let these do nothing):${list.join('')}`);
  }
  for (const resource of new Set(deployment.unsupported.map((entry) => entry.resource))) {
    draft.stubs.push({ stack: resource.stack.name, logicalId: resource.logicalId, type: resource.type });
  }
  return draft;
}

/** A policy that is not known allows nothing, if stubs were allowed. */
function checkPolicies(role: RoleModel, deployment: Deployment): void {
  const resource = deployment.all(ROLE).find((candidate) => candidate.stack.name === role.stack && candidate.logicalId === role.logicalId);
  for (const arn of unknownPoliciesOf(role)) {
    resource?.unsupported(`the managed policy ${arn}, as it is not known what it allows: grant what functions need in a policy of your own`);
  }
}

/** One DynamoDB engine serves all accounts and regions. */
function checkTableNames(tables: readonly TableModel[]): void {
  const known = new Map<string, TableModel>();
  for (const table of tables) {
    const other = known.get(table.name);
    if (other) {
      throw new AssemblyError(`The sandbox keeps the tables of all accounts and regions together, and "${table.name}" is the name of two: `
        + `${other.logicalId} in stack ${other.stack} and ${table.logicalId} in stack ${table.stack}. `
        + 'Leave one of them out with "--stack", or leave the name out in the app.');
    }
    known.set(table.name, table);
  }
}
