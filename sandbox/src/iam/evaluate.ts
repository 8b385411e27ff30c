import type { PolicyDocument, PolicyStatement } from '../model';
import { resourceMatches } from './arn';
import { conditionsMet } from './conditions';
import type { RequestContext } from './context';
import { expression, matches } from './pattern';

export interface AccessRequest {
  /** `service:Operation` */
  readonly action: string;
  /** An ARN, or `*` for actions without resources. */
  readonly resource: string;
  /** Other resources: a permission on one of them is as good. */
  readonly alternatives?: readonly string[];
  readonly context?: RequestContext;
}

export interface AccessDecision {
  readonly decision: 'allowed' | 'implicitDeny' | 'explicitDeny';
  /** The statement that decided; absent when none spoke of the request. */
  readonly statement?: PolicyStatement;
}

/**
 * What a set of identity policies says about a request: a Deny wins over any Allow, and without an Allow the request is denied.
 * Resource policies, boundaries and organization policies are ignored.
 */
export function evaluate(policies: readonly PolicyDocument[], request: AccessRequest): AccessDecision {
  const applying = policies.flatMap((policy) => policy.Statement).filter((statement) => applies(statement, request));
  const deny = applying.find((statement) => statement.Effect === 'Deny');
  if (deny !== undefined) {
    return { decision: 'explicitDeny', statement: deny };
  }
  const [allow] = applying;
  return allow === undefined ? { decision: 'implicitDeny' } : { decision: 'allowed', statement: allow };
}

/** Whether a statement speaks of a request, whatever its effect. Principals are ignored. */
export function applies(statement: PolicyStatement, request: AccessRequest): boolean {
  const context = request.context ?? {};
  return speaksOfAction(statement, request.action)
    && speaksOfResource(statement, request.resource, context)
    && conditionsMet(statement.Condition, context);
}

/** Whether the actions of a statement include this one, whatever its resources and conditions. */
export function speaksOfAction(statement: PolicyStatement, action: string): boolean {
  const anyOf = (patterns: string | readonly string[]) =>
    listOf(patterns).some((pattern) => matches(expression(pattern, {}, true), action, true));
  if (statement.Action !== undefined) {
    return anyOf(statement.Action);
  }
  return statement.NotAction !== undefined && !anyOf(statement.NotAction);
}

function speaksOfResource(statement: PolicyStatement, resource: string, context: RequestContext): boolean {
  const matchesPattern = (pattern: string) => pattern === '*' || pattern === resource || resourceMatches(pattern, resource, context);
  if (statement.Resource !== undefined) {
    return listOf(statement.Resource).some((pattern) => matchesPattern(pattern) === true);
  }
  // When it is unknown what an exception covers, the statement says nothing.
  return listOf(statement.NotResource ?? []).every((pattern) => matchesPattern(pattern) === false);
}

function listOf(oneOrMore: string | readonly string[]): readonly string[] {
  return typeof oneOrMore === 'string' ? [oneOrMore] : oneOrMore;
}
