import type { FunctionModel, PolicyDocument, RoleModel } from '../model';
import { evaluate } from './evaluate';
import { policiesOf } from './managed-policies';
import { trusts } from './trust';

/** The roles calls are made in: those of functions, those they may assume, and so on. What else the roles are for does not matter here. */
export function rolesInUse(functions: readonly FunctionModel[], roles: readonly RoleModel[]): ReadonlySet<RoleModel> {
  const used = new Set(roles.filter((role) => functions.some((fn) => fn.roleArn === role.arn)));
  // A set is iterated to its end, also to what joins it on the way.
  for (const role of used) {
    for (const other of roles) {
      if (!used.has(other) && mayAssume(role, other)) {
        used.add(other);
      }
    }
  }
  return used;
}

/** Whether there are circumstances under which one role may assume another. */
function mayAssume(role: RoleModel, other: RoleModel): boolean {
  return evaluate(policiesOf(role).map(mostlyAllowed), { action: 'sts:AssumeRole', resource: other.arn }).decision === 'allowed'
    && trusts(mostlyAllowed(other.trust), { arn: role.arn });
}

function mostlyAllowed(policy: PolicyDocument): PolicyDocument {
  return { Statement: policy.Statement.filter(({ Effect }) => Effect === 'Allow').map(({ Condition: _condition, ...rest }) => rest) };
}
