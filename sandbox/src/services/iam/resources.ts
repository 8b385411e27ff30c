import { partitionOf } from '../../arn';
import type { PolicyDocument, PolicyStatement } from '../../model';
import type { Resource, ResourceTypes, Value } from '../../template';

export const ROLE = 'AWS::IAM::Role';
const POLICY = 'AWS::IAM::Policy';
const ROLE_POLICY = 'AWS::IAM::RolePolicy';
const MANAGED_POLICY = 'AWS::IAM::ManagedPolicy';

export const IAM_TYPES: ResourceTypes = {
  [ROLE]: {
    reference: roleName,
    attributes: {
      Arn: roleArn,
      RoleId: (resource) => `AROA${resource.digest(17).toUpperCase()}`,
    },
    build: (resource, model) => {
      const { customer, aws } = managedPolicies(resource);
      model.roles.push({
        ...resource.origin(),
        name: roleName(resource),
        arn: roleArn(resource),
        policies: [...inlinePolicies(resource), ...customer],
        managedPolicyArns: aws,
        trust: document(resource.get('AssumeRolePolicyDocument')),
      });
    },
  },
  [POLICY]: { attributes: { Id: (resource) => resource.generatedName() } },
  [ROLE_POLICY]: {},
  [MANAGED_POLICY]: {
    reference: managedPolicyArn,
    attributes: { PolicyArn: managedPolicyArn },
  },
  'AWS::IAM::ServiceLinkedRole': { attributes: { RoleName: (resource) => resource.generatedName() } },
};

function roleName(resource: Resource): string {
  return resource.get('RoleName').string(resource.generatedName());
}

function roleArn(resource: Resource): string {
  return iamArn(resource, `role${resource.get('Path').string('/')}${roleName(resource)}`);
}

function managedPolicyArn(resource: Resource): string {
  const name = resource.get('ManagedPolicyName').string(resource.generatedName(128));
  return iamArn(resource, `policy${resource.get('Path').string('/')}${name}`);
}

function iamArn(resource: Resource, rest: string): string {
  return `arn:${partitionOf(resource.stack.region)}:iam::${resource.stack.account}:${rest}`;
}

function inlinePolicies(role: Resource): PolicyDocument[] {
  const { deployment, account } = role.stack;
  const sameAccount = (candidate: Resource) => candidate.stack.account === account;
  const attached = deployment.all(POLICY).filter((policy) => sameAccount(policy) && policy.get('Roles').strings().includes(roleName(role)));
  const embedded = deployment.all(ROLE_POLICY).filter((policy) => sameAccount(policy) && policy.get('RoleName').string() === roleName(role));
  return [
    ...role.get('Policies').list().map((policy) => document(policy.get('PolicyDocument'))),
    ...[...attached, ...embedded].map((policy) => document(policy.get('PolicyDocument'))),
  ];
}

function managedPolicies(role: Resource): { customer: PolicyDocument[]; aws: string[] } {
  const listed = new Set(role.get('ManagedPolicyArns').strings());
  const customer = role.stack.deployment.all(MANAGED_POLICY).filter((policy) => listed.has(managedPolicyArn(policy))
    || (policy.stack.account === role.stack.account && policy.get('Roles').strings().includes(roleName(role))));
  customer.forEach((policy) => listed.delete(managedPolicyArn(policy)));
  return { customer: customer.map((policy) => document(policy.get('PolicyDocument'))), aws: [...listed] };
}

function document(value: Value): PolicyDocument {
  const statements = value.get('Statement');
  return {
    Version: value.get('Version').string('2012-10-17'),
    Statement: Array.isArray(statements.data) ? statements.list().map(statement) : [statement(statements)],
  };
}

function statement(value: Value): PolicyStatement {
  const sid = value.get('Sid').optionalString();
  const condition = value.get('Condition');
  const principal = value.get('Principal');
  return {
    ...(sid !== undefined && { Sid: sid }),
    Effect: value.get('Effect').oneOf(['Allow', 'Deny']),
    ...texts('Action', value),
    ...texts('NotAction', value),
    ...texts('Resource', value),
    ...texts('NotResource', value),
    ...(condition.exists && { Condition: conditions(condition) }),
    ...(principal.exists && { Principal: principal.data }),
  };
}

function texts(key: 'Action' | 'NotAction' | 'Resource' | 'NotResource', owner: Value): Partial<PolicyStatement> {
  const value = owner.get(key);
  return value.exists ? { [key]: oneOrMore(value) } : {};
}

function oneOrMore(value: Value): string | string[] {
  return Array.isArray(value.data) ? value.strings() : value.string();
}

function conditions(value: Value): NonNullable<PolicyStatement['Condition']> {
  return Object.fromEntries(Object.keys(value.record()).map((operator) => {
    const keys = value.get(operator);
    return [operator, Object.fromEntries(Object.keys(keys.record()).map((key) => [key, oneOrMore(keys.get(key))]))];
  }));
}
