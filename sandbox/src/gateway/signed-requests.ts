import { Authorizer } from './authorizer';
import { HttpRequest } from './aws-call';
import { callerIdentity, Callers, type CallerIdentity } from './callers';
import { signatureScope } from './parse-call';
import { type Environment } from '../arn';
import { type AccessRequest } from '../iam';
import { Clock } from '../ports';

/** Who signed a request, as the event of a function says. */
export interface Signer extends CallerIdentity {
  readonly accessKeyId: string;
}

/** `missing`: no signature. `invalid`: one for another service, or of credentials that are no longer served. `denied`: the policies of the role do not allow it. */
export type SignedDecision =
  | { readonly outcome: 'allowed'; readonly signer: Signer }
  | { readonly outcome: 'missing' | 'invalid' | 'denied'; readonly message: string };

export interface SignedRequestsInput {
  readonly callers: Callers;
  readonly authorizer: Authorizer;
  readonly clock: Clock;
  readonly accounts: { readonly workload: string };
}

/**
 * Decides about requests that are signed with Signature Version 4, as those to APIs and function URLs with the authorization type
 * `AWS_IAM` are. A function may do what the policies of its role allow; other credentials are the operator's, who may do anything.
 * Whether the signature fits the request is not checked, as for no other call either.
 */
export class SignedRequests {
  constructor(private readonly input: SignedRequestsInput) {}

  /** @param service signing name: `execute-api`, or `lambda` for function URLs; `accesses`: what the signer must be allowed, in `place` */
  decide(request: HttpRequest, service: string, place: Environment, accesses: readonly AccessRequest[]): SignedDecision {
    const scope = signatureScope(request);
    if (scope.accessKeyId === undefined) {
      return { outcome: 'missing', message: 'Missing Authentication Token' };
    }
    if (scope.service !== service) {
      return { outcome: 'invalid', message: `Credential should be scoped to correct service: '${service}'. ` };
    }
    const { callers, authorizer, clock, accounts } = this.input;
    if (callers.isRetired(scope.accessKeyId)) {
      return { outcome: 'invalid', message: 'The security token included in the request is expired' };
    }
    const caller = callers.find(scope.accessKeyId);
    const denial = caller && authorizer.denialOf(caller, accesses, place.region, clock.now());
    if (denial) {
      return { outcome: 'denied', message: denial.message };
    }
    return { outcome: 'allowed', signer: { accessKeyId: scope.accessKeyId, ...callerIdentity(caller, accounts.workload) } };
  }
}
