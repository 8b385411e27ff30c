import type { LambdaAuthorizerModel } from './model';
import type { HttpRequest } from '../../gateway/aws-call';
import { evaluate } from '../../iam';
import type { FunctionModel, PolicyDocument } from '../../model';
import type { Clock, InvocationResult } from '../../ports';

export interface LambdaAuthorizerInput {
  readonly clock: Clock;
  readonly findFunction: (arn: string) => FunctionModel | undefined;
  readonly invoke: (fn: FunctionModel, payload: string, isAnswer: (errorMessage: string | undefined) => boolean) => Promise<InvocationResult>;
}

export type Authorization =
  | { readonly outcome: 'allowed'; readonly principalId?: string; readonly usageIdentifierKey?: string; readonly context: Readonly<Record<string, unknown>> }
  | { readonly outcome: 'unauthorized' | 'denied' | 'failed' };

/** What the function answered: a policy, or whether the caller is authorized. */
interface AuthorizerAnswer {
  readonly principalId?: string;
  /** The API key that the request counts for, where the API takes keys from its authorizers. */
  readonly usageIdentifierKey?: string;
  readonly policyDocument?: PolicyDocument;
  readonly isAuthorized?: unknown;
  readonly context?: Readonly<Record<string, unknown>>;
}

interface CachedAnswer {
  readonly until: number;
  readonly answer: AuthorizerAnswer;
}

/** Asks functions whether a request may pass, and remembers what they answered, in virtual time. */
export class LambdaAuthorizers {
  private readonly cache = new Map<string, CachedAnswer>();

  constructor(private readonly input: LambdaAuthorizerInput) {}

  /**
   * @param identity what identifies the caller, by the authorizer's identity sources; undefined entries are missing
   * @param arn what is to be invoked: `arn:aws:execute-api:…`
   */
  async authorize(
    authorizer: LambdaAuthorizerModel, identity: readonly (string | undefined)[], event: object, arn: string,
  ): Promise<Authorization> {
    const { tokenPattern } = authorizer;
    if (identity.some((value) => !value) || (tokenPattern !== undefined && !new RegExp(`^(?:${tokenPattern})$`).test(identity[0] ?? ''))) {
      return { outcome: 'unauthorized' };
    }
    const answer = await this.ask(authorizer, identity, event);
    if (typeof answer === 'string') {
      return { outcome: answer };
    }
    return isAllowed(authorizer, answer, arn)
      ? { outcome: 'allowed', principalId: answer.principalId, usageIdentifierKey: answer.usageIdentifierKey, context: answer.context ?? {} }
      : { outcome: 'denied' };
  }

  clear(): void {
    this.cache.clear();
  }

  private async ask(
    authorizer: LambdaAuthorizerModel, identity: readonly (string | undefined)[], event: object,
  ): Promise<AuthorizerAnswer | 'unauthorized' | 'failed'> {
    const { clock, findFunction, invoke } = this.input;
    const key = JSON.stringify([authorizer.id, ...identity]);
    const cached = this.cache.get(key);
    if (cached && identity.length > 0 && clock.now() < cached.until) {
      return cached.answer;
    }
    const fn = findFunction(authorizer.functionArn);
    const result = fn && await invoke(fn, JSON.stringify(event), isUnauthorized);
    const answer = JSON.parse(result?.payload ?? 'null') as AuthorizerAnswer & { readonly errorMessage?: string } | null;
    if (result?.failure) {
      return isUnauthorized(answer?.errorMessage) ? 'unauthorized' : 'failed';
    }
    if (typeof answer !== 'object' || answer === null) {
      return 'failed';
    }
    this.cache.set(key, { until: clock.now() + authorizer.cacheSeconds * 1000, answer });
    return answer;
  }
}

/** An authorizer refuses a caller by failing with this message. */
function isUnauthorized(errorMessage: string | undefined): boolean {
  return errorMessage === 'Unauthorized';
}

function isAllowed({ hasSimpleAnswers }: LambdaAuthorizerModel, answer: AuthorizerAnswer, arn: string): boolean {
  if (hasSimpleAnswers) {
    return answer.isAuthorized === true;
  }
  const { policyDocument } = answer;
  return policyDocument !== undefined && evaluate([policyDocument], { action: 'execute-api:Invoke', resource: arn }).decision === 'allowed';
}

/** The part of a request that an identity source names; undefined where it is missing. */
export function identityOf(source: string, request: HttpRequest): string | undefined {
  const [, kind = '', name = ''] = /^(?:method\.request|\$?request)\.(header|querystring)\.(.+)$/.exec(source) ?? [];
  return kind === 'header' ? request.headers[name.toLowerCase()] : kind === 'querystring' ? request.query.get(name) ?? undefined : undefined;
}
