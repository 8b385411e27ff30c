import { accountOf } from '../arn';
import { AwsError } from '../errors';
import { baseContext, evaluate, policiesOf, speaksOfAction, trusts, UnknownRequestError, type AccessRequest, type RequestContext } from '../iam';
import { FunctionModel, PolicyDocument, RoleModel } from '../model';
import { AwsApi } from './aws-api';
import { AwsCall } from './aws-call';
import { Caller, callerIdentity } from './callers';

export interface Denial {
  readonly function: string;
  readonly action: string;
  readonly resource: string;
}

/** A role that is not in the template is the seller account's: once assumed, it may do what it exists for. */
const FOREIGN_ROLE_ACTIONS = /^aws-marketplace:/;

export interface AuthorizerInput {
  readonly roles: readonly RoleModel[];
  readonly apis: readonly AwsApi[];
  readonly onDenied: (denial: Denial) => void;
}

/** Checks calls of functions against the policies of their roles. Other callers are the operator, who may do anything. */
export class Authorizer {
  private readonly denied = new Map<string, Denial>();
  private readonly policies: ReadonlyMap<string, readonly PolicyDocument[]>;
  /** What is allowed whatever the circumstances of the call: functions make the same few calls again and again. */
  private readonly alwaysAllowed = new Set<string>();

  constructor(private readonly input: AuthorizerInput) {
    this.policies = new Map(input.roles.map((role) => [role.arn, policiesOf(role)]));
  }

  /** @throws AwsError when the caller's role does not allow the call; `now`: virtual epoch milliseconds */
  check(call: AwsCall, now: number): void {
    if (!call.caller) {
      return;
    }
    const denial = this.denialOf(call.caller, this.accesses(call, accountOf(call.caller.roleArn)), call.region, now);
    if (denial) {
      throw denial;
    }
  }

  /** The error of the first access that the caller's role does not allow, which is recorded; undefined when all are allowed. */
  denialOf(caller: Caller, accesses: readonly AccessRequest[], region: string, now: number): AwsError | undefined {
    const account = accountOf(caller.roleArn);
    for (const access of accesses) {
      const key = `${caller.roleArn} ${access.action} ${access.resource}`;
      if (this.alwaysAllowed.has(key)) {
        continue;
      }
      const context = { ...baseContext({ roleArn: caller.roleArn, account, region, now }), ...access.context };
      if (!this.allowed(caller, { ...access, context }, context)) {
        return this.deny(caller, access);
      }
      if (this.decidesByNameAlone(caller.roleArn, access)) {
        this.alwaysAllowed.add(key);
      }
    }
    return undefined;
  }

  /** Records a denial for each of `actions` on `resource` that the function's role does not allow: what AWS does in that role. */
  checkRole(fn: FunctionModel, actions: readonly string[], resource: string, now: number): void {
    const account = accountOf(fn.roleArn);
    const context = baseContext({ roleArn: fn.roleArn, account, region: fn.region, now });
    const policies = this.policies.get(fn.roleArn);
    for (const action of actions) {
      const access = { action, resource, context };
      if (policies && evaluate(policies, access).decision !== 'allowed') {
        this.record({ function: fn.name, action, resource });
      }
    }
  }

  /** One entry per function, action and resource, in order of first occurrence. */
  denials(): Denial[] {
    return [...this.denied.values()];
  }

  clear(): void {
    this.denied.clear();
  }

  private accesses(call: AwsCall, account: string): AccessRequest[] {
    const actions = this.input.apis.find(({ name }) => name === call.service)?.actions;
    try {
      if (actions === undefined) {
        throw new UnknownRequestError(`the sandbox does not know the service "${call.service}"`);
      }
      return actions(call, account);
    } catch (error) {
      if (error instanceof UnknownRequestError) {
        throw new AwsError('UnknownOperationException', error.message);
      }
      throw error;
    }
  }

  private allowed(caller: Caller, access: AccessRequest, context: RequestContext): boolean {
    const policies = this.policies.get(caller.roleArn);
    if (!policies) {
      return caller.roleArn === caller.fn.roleArn || FOREIGN_ROLE_ACTIONS.test(access.action);
    }
    const decisions = [access.resource, ...access.alternatives ?? []].map((resource) => evaluate(policies, { ...access, resource }).decision);
    if (decisions.includes('explicitDeny') || !decisions.includes('allowed')) {
      return false;
    }
    const assumed = access.action === 'sts:AssumeRole' && this.input.roles.find((candidate) => candidate.arn === access.resource);
    return !assumed || trusts(assumed.trust, { arn: caller.roleArn }, context);
  }

  /** Whether neither a condition nor a variable makes the answer depend on time, region or content of the call. */
  private decidesByNameAlone(roleArn: string, { action }: AccessRequest): boolean {
    const policies = this.policies.get(roleArn);
    return policies !== undefined && action !== 'sts:AssumeRole' && policies.every(({ Statement }) =>
      Statement.every((statement) => !speaksOfAction(statement, action) || (statement.Condition === undefined && !JSON.stringify(statement).includes('${'))));
  }

  private deny(caller: Caller, { action, resource }: AccessRequest): AwsError {
    this.record({ function: caller.fn.name, action, resource });
    const { arn: user } = callerIdentity(caller, caller.fn.account);
    return new AwsError('AccessDeniedException',
      `User: ${user} is not authorized to perform: ${action} on resource: ${resource} because no identity-based policy allows the ${action} action`);
  }

  private record(denial: Denial): void {
    const key = JSON.stringify(denial);
    if (!this.denied.has(key)) {
      this.input.onDenied(denial);
    }
    this.denied.set(key, denial);
  }
}
