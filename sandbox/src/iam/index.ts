export { UnknownRequestError, type ActionMapper } from './action-request';
export { baseContext, type Caller, type RequestContext } from './context';
export { evaluate, speaksOfAction, type AccessDecision, type AccessRequest } from './evaluate';
export { policiesOf, unknownPoliciesOf } from './managed-policies';
export { rolesInUse } from './roles-in-use';
export { trusts, type TrustPrincipal } from './trust';
