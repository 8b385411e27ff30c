export { actionsOf, UnknownRequestError, type AwsRequest } from './actions';
export { baseContext, type Caller, type RequestContext } from './context';
export { evaluate, type AccessDecision, type AccessRequest } from './evaluate';
export { policiesOf } from './managed-policies';
export { trusts, type TrustPrincipal } from './trust';
