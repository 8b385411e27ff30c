import { accountOf } from '../arn';
import type { PolicyDocument, PolicyStatement } from '../model';
import type { RequestContext } from './context';
import { applies } from './evaluate';

/** Who wants to assume a role: an AWS service, or the role (of any account) whose credentials signed the request. */
export type TrustPrincipal = { readonly service: string } | { readonly arn: string };

/**
 * Whether a role's trust policy lets a principal assume it. `context` has `sts:ExternalId` when one was given.
 * A role of another account also needs its own policies to allow `sts:AssumeRole`: see `evaluate`.
 */
export function trusts(trust: PolicyDocument, principal: TrustPrincipal, context: RequestContext = {}): boolean {
  const speaking = trust.Statement.filter((statement) =>
    names(statement, principal) && applies(statement, { action: 'sts:AssumeRole', resource: '*', context }));
  return speaking.some((statement) => statement.Effect === 'Allow') && speaking.every((statement) => statement.Effect === 'Allow');
}

function names(statement: PolicyStatement, principal: TrustPrincipal): boolean {
  const named = statement.Principal;
  if (named === '*') {
    return true;
  }
  if (typeof named !== 'object' || named === null) {
    return false;
  }
  const entries: Record<string, unknown> = { ...named };
  return 'service' in principal
    ? texts(entries.Service).includes(principal.service)
    : texts(entries.AWS).some((text) => namesRole(text, principal.arn));
}

function namesRole(named: string, arn: string): boolean {
  const account = accountOf(arn);
  return named === '*' || named === arn || named === account || new RegExp(`^arn:[^:]+:iam::${account}:root$`).test(named);
}

function texts(value: unknown): string[] {
  return (Array.isArray(value) ? value : [value]).filter((entry) => typeof entry === 'string');
}
