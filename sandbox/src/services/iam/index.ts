import { IAM_TYPES, ROLE } from './resources';
import { rolesInUse, unknownPoliciesOf } from '../../iam';
import type { RoleModel } from '../../model';
import type { Deployment } from '../../template';
import type { SandboxService } from '../../wiring/service';

/** Roles and policies: `iam/` evaluates them. */
export const IAM: SandboxService = {
  name: 'iam',
  resources: IAM_TYPES,
  check: (model, deployment) => rolesInUse(model.functions, model.roles).forEach((role) => checkPolicies(role, deployment)),
};

/** A policy that is not known allows nothing, if stubs are allowed. */
function checkPolicies(role: RoleModel, deployment: Deployment): void {
  const resource = deployment.all(ROLE).find((candidate) => candidate.stack.name === role.stack && candidate.logicalId === role.logicalId);
  for (const arn of unknownPoliciesOf(role)) {
    resource?.unsupported(`the managed policy ${arn}, as it is not known what it allows: grant what functions need in a policy of your own`);
  }
}
