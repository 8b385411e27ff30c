import { actionsOf, baseContext, evaluate, policiesOf, trusts, UnknownRequestError, type AccessRequest, type RequestContext } from '../iam';
import { FunctionModel, PolicyDocument, RoleModel } from '../model';
import { AwsCall, AwsError } from './aws-call';
import { Caller } from './callers';

export interface Denial {
  readonly function: string;
  readonly action: string;
  readonly resource: string;
}

const MARKETPLACE = ['metering', 'entitlement', 'agreement'];
/** What a role that is not in the template may do once assumed: it is the seller account's door to Marketplace. */
const FOREIGN_ROLE_ACTIONS = /^aws-marketplace:/;

export interface AuthorizerInput {
  readonly roles: readonly RoleModel[];
  readonly onDenied: (denial: Denial) => void;
}

/** Checks calls of functions against the policies of their roles. Everyone else is the operator, who may do anything. */
export class Authorizer {
  private readonly denied = new Map<string, Denial>();
  private readonly policies: ReadonlyMap<string, readonly PolicyDocument[]>;

  constructor(private readonly input: AuthorizerInput) {
    this.policies = new Map(input.roles.map((role) => [role.arn, policiesOf(role)]));
  }

  /** @throws AwsError when the caller's role does not allow the call; `now`: virtual epoch milliseconds */
  check(call: AwsCall, now: number): void {
    if (!call.caller) {
      return;
    }
    const account = call.caller.roleArn.split(':')[4];
    const base = baseContext({ roleArn: call.caller.roleArn, account, region: call.region, now });
    for (const access of this.accesses(call, account)) {
      const context = { ...base, ...access.context };
      if (!this.allowed(call.caller, { ...access, context }, context)) {
        throw this.deny(call.caller, access);
      }
    }
  }

  /** What an event source mapping needs: Lambda polls the queue in the function's role. */
  checkMapping(fn: FunctionModel, queueArn: string, now: number): void {
    const account = fn.roleArn.split(':')[4];
    const context = baseContext({ roleArn: fn.roleArn, account, region: fn.region, now });
    const policies = this.policies.get(fn.roleArn);
    for (const action of ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes']) {
      const access = { action, resource: queueArn, context };
      if (policies && evaluate(policies, access).decision !== 'allowed') {
        this.note({ function: fn.name, action, resource: queueArn });
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
    const { request } = call;
    const query = request.query.toString();
    try {
      return actionsOf({
        service: MARKETPLACE.includes(call.service) ? 'aws-marketplace' : call.service,
        region: call.region,
        account,
        method: request.method,
        path: query ? `${request.path}?${query}` : request.path,
        headers: request.headers,
        body: request.body,
      });
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
    if (evaluate(policies, access).decision !== 'allowed') {
      return false;
    }
    const assumed = access.action === 'sts:AssumeRole' && this.input.roles.find((candidate) => candidate.arn === access.resource);
    return !assumed || trusts(assumed.trust, { arn: caller.roleArn }, context);
  }

  private deny(caller: Caller, { action, resource }: AccessRequest): AwsError {
    this.note({ function: caller.fn.name, action, resource });
    const user = `${caller.roleArn.replace(':iam:', ':sts:').replace(':role/', ':assumed-role/')}/${caller.fn.name}`;
    return new AwsError('AccessDeniedException',
      `User: ${user} is not authorized to perform: ${action} on resource: ${resource} because no identity-based policy allows the ${action} action`);
  }

  private note(denial: Denial): void {
    const key = JSON.stringify(denial);
    if (!this.denied.has(key)) {
      this.input.onDenied(denial);
    }
    this.denied.set(key, denial);
  }
}
