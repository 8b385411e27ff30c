import { preflight, withCors } from './cors';
import { httpEvent, type HttpEventInput } from './http-event';
import { httpResponse } from './http-response';
import type { HttpApiModel, HttpRouteModel, JwtAuthorizerModel } from './model';
import { checkClaims, readToken, scopesOf } from './tokens';
import { arnIn } from '../../arn';
import type { WorkLoop } from '../../clock/work-loop';
import type { MetricHistory } from '../../control/metric-history';
import type { HttpAnswer, HttpRequest } from '../../gateway/aws-call';
import type { SignedRequests } from '../../gateway/signed-requests';
import type { IdSequence } from '../../ids';
import type { FunctionModel } from '../../model';
import type { Clock, InvocationResult } from '../../ports';
import { mappedRequest, type Mapped } from '../api-gateway/addresses';
import { identityOf, LambdaAuthorizers } from '../api-gateway/lambda-authorizer';
import type { LambdaAuthorizerModel } from '../api-gateway/model';
import { matchRoute } from '../api-gateway/routes';

/** Limits of a request body, in bytes. */
const MAX_BODY_BYTES = { 'api': 10 * 1024 * 1024, 'function-url': 6 * 1024 * 1024 };
const PREFIXES = { 'api': '/_http/', 'function-url': '/_urls/' } as const;

export interface HttpApisInput {
  readonly apis: readonly HttpApiModel[];
  /** All APIs that custom domains lead to, REST APIs too. */
  readonly mapped: readonly Mapped[];
  readonly clock: Clock;
  readonly loop: Pick<WorkLoop, 'runForRequest'>;
  readonly ids: IdSequence;
  readonly metrics: Pick<MetricHistory, 'add'>;
  readonly authorizers: LambdaAuthorizers;
  readonly signedRequests: SignedRequests;
  readonly findings: { add(severity: 'warning', code: string, message: string): void };
  readonly findFunction: (arn: string) => FunctionModel | undefined;
  readonly invoke: (fn: FunctionModel, payload: string) => Promise<InvocationResult>;
}

interface HttpAddress {
  readonly api: HttpApiModel;
  readonly stage: string;
  /** The custom domain that was asked, if one was. */
  readonly domain?: string;
  /** Path below the stage or base path: what routes match. */
  readonly path: string;
  /** What paths of the API have in front of them here. */
  readonly base: string;
}

interface Match extends HttpAddress {
  readonly route: HttpRouteModel;
  readonly pathParameters: Readonly<Record<string, string>> | null;
}

/** HTTP APIs at `/_http/<id>/…` and their custom domains, and function URLs at `/_urls/<id>/…`. */
export class HttpApis {
  constructor(private readonly input: HttpApisInput) {}

  serves(request: HttpRequest): boolean {
    const { apis, mapped } = this.input;
    const found = mappedRequest(request, mapped);
    return Object.values(PREFIXES).some((prefix) => request.path.startsWith(prefix)) || apis.some((api) => api === found?.api);
  }

  async handle(request: HttpRequest): Promise<HttpAnswer> {
    const address = addressOf(request, this.input.apis);
    if (!address) {
      return refusal(404, 'Not Found');
    }
    const { api } = address;
    const answer = preflight(api.cors, request) ?? withCors(api.cors, request, await this.answer(address, request));
    this.measure(api, answer.status);
    return answer;
  }

  private async answer(address: HttpAddress, request: HttpRequest): Promise<HttpAnswer> {
    const match = matchOf(address, request.method);
    const fn = match && this.input.findFunction(match.route.functionArn);
    if (!match) {
      return refusal(404, 'Not Found');
    }
    if (request.body.length > MAX_BODY_BYTES[address.api.kind]) {
      return refusal(413, 'Request Too Long');
    }
    if (!fn) {
      return refusal(500, 'Internal Server Error');
    }
    return this.input.loop.runForRequest(request, () => this.run(match, fn, request));
  }

  private async run(match: Match, fn: FunctionModel, request: HttpRequest): Promise<HttpAnswer> {
    const { clock, ids, invoke } = this.input;
    const base: HttpEventInput = { ...match, request, requestId: ids.next('request'), now: clock.now() };
    const authorization = await this.authorize(match, base);
    if ('status' in authorization) {
      return authorization;
    }
    const result = await invoke(fn, JSON.stringify(httpEvent({ ...base, ...authorization })));
    const failed = match.api.kind === 'api' ? refusal(500, 'Internal Server Error') : refusal(502, 'Internal Server Error');
    if (result.failure) {
      return result.failure === 'timeout' && match.api.kind === 'api' ? refusal(503, 'Service Unavailable') : failed;
    }
    return httpResponse(result.payload, match.base) ?? failed;
  }

  /** What the function gets as `requestContext.authorizer`, or the answer that refuses the request. */
  private async authorize({ route, stage, path, api }: Match, event: HttpEventInput): Promise<HttpAnswer | Pick<HttpEventInput, 'authorizer' | 'callerAccount'>> {
    const { authorizer } = route;
    if (route.isSigned) {
      return this.authorizeSigner(api, route, `${stage}/${event.request.method}${path}`, event.request);
    }
    if (!authorizer) {
      return {};
    }
    if (authorizer.kind === 'jwt') {
      return this.authorizeToken(authorizer, event.request);
    }
    const arn = arnIn(api, 'execute-api', `${api.id}/${stage}/${event.request.method}${path}`);
    const identity = authorizer.identitySources.map((source) => identityOf(source, event.request));
    const authorization = await this.input.authorizers.authorize(authorizer, identity, authorizerEvent(authorizer, event, arn, identity), arn);
    switch (authorization.outcome) {
      case 'allowed': return { authorizer: { lambda: authorization.context } };
      case 'unauthorized': return refusal(401, 'Unauthorized');
      case 'denied': return refusal(403, 'Forbidden');
      default: return refusal(500, 'Internal Server Error');
    }
  }

  /** Function URLs need two permissions, since October 2025: https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html */
  private authorizeSigner(api: HttpApiModel, route: HttpRouteModel, called: string, request: HttpRequest): HttpAnswer | Pick<HttpEventInput, 'authorizer' | 'callerAccount'> {
    const context = { 'lambda:FunctionUrlAuthType': 'AWS_IAM', 'lambda:InvokedViaFunctionUrl': 'true' };
    const decision = api.kind === 'api'
      ? this.input.signedRequests.decide(request, 'execute-api', api, [{ action: 'execute-api:Invoke', resource: arnIn(api, 'execute-api', `${api.id}/${called}`) }])
      : this.input.signedRequests.decide(request, 'lambda', api,
        ['lambda:InvokeFunctionUrl', 'lambda:InvokeFunction'].map((action) => ({ action, resource: route.functionArn, context })));
    if (decision.outcome !== 'allowed') {
      return api.kind === 'api' ? refusal(403, 'Forbidden') : { ...refusal(403, ''), body: JSON.stringify({ Message: decision.message }) };
    }
    const { accessKeyId, account, arn, userId } = decision.signer;
    const iam = { accessKey: accessKeyId, accountId: account, callerId: userId, cognitoIdentity: null, principalOrgId: null, userArn: arn, userId };
    return { authorizer: { iam }, callerAccount: account };
  }

  private authorizeToken(authorizer: JwtAuthorizerModel, request: HttpRequest): HttpAnswer | { readonly authorizer: object } {
    const claims = readToken((identityOf(authorizer.identitySource, request) ?? '').replace(/^Bearer /i, ''));
    if (claims === 'foreign') {
      this.input.findings.add('warning', 'TOKEN_NOT_FROM_SANDBOX', 'a JWT authorizer got a token that the sandbox did not issue: it takes those of POST /_sandbox/tokens only');
    }
    const verdict = claims === undefined || claims === 'foreign' ? 'unauthorized' : checkClaims(authorizer, claims, this.input.clock.now());
    if (verdict !== 'allowed' || typeof claims !== 'object') {
      return verdict === 'denied' ? refusal(403, 'Forbidden') : refusal(401, 'Unauthorized');
    }
    const texts = Object.fromEntries(Object.entries(claims).map(([name, value]) => [name, Array.isArray(value) ? `[${value.join(' ')}]` : String(value)]));
    return { authorizer: { jwt: { claims: texts, scopes: authorizer.scopes.length > 0 ? scopesOf(claims) : null } } };
  }

  private measure(api: HttpApiModel, status: number): void {
    const { clock, metrics } = this.input;
    const add = (name: string, value: number) => metrics.add({ namespace: 'AWS/ApiGateway', name, dimensions: { ApiId: api.id } }, clock.now(), value);
    if (api.kind === 'api') {
      add('Count', 1);
      add('4xx', status >= 400 && status < 500 ? 1 : 0);
      add('5xx', status >= 500 ? 1 : 0);
    }
  }
}

/** The API and stage at an address; undefined: none answers there. */
function addressOf(request: HttpRequest, apis: readonly HttpApiModel[]): HttpAddress | undefined {
  const found = mappedRequest(request, apis);
  if (found) {
    return { api: found.api, stage: found.mapping.stage, domain: found.host, path: found.below, base: found.base };
  }
  const [, prefix, id, ...segments] = request.path.split('/');
  const api = apis.find((candidate) => candidate.id === id && PREFIXES[candidate.kind] === `/${prefix}/` && !candidate.invokeUrlDisabled);
  if (!api) {
    return undefined;
  }
  const [first = '', ...rest] = segments;
  const named = api.stages.includes(first);
  const stage = named ? first : '$default';
  return api.stages.includes(stage) ? { api, stage, path: `/${(named ? rest : segments).join('/')}`, base: PREFIXES[api.kind] + api.id } : undefined;
}

/** The most specific route with the request's method, else `$default`. */
function matchOf(address: HttpAddress, method: string): Match | undefined {
  const { api, path } = address;
  const routes = api.routes.filter((route) => route.path !== '$default' && (route.method === method || route.method === 'ANY'));
  const match = matchRoute(routes, method, path);
  const route = match?.route ?? api.routes.find((candidate) => candidate.path === '$default');
  return route && { ...address, route, pathParameters: match?.pathParameters ?? null };
}

function authorizerEvent(authorizer: LambdaAuthorizerModel, event: HttpEventInput, arn: string, identity: readonly (string | undefined)[]): object {
  const { body: _body, isBase64Encoded: _encoded, ...parts } = httpEvent(event);
  if (authorizer.payloadFormat === '2.0') {
    return { ...parts, type: 'REQUEST', routeArn: arn, identitySource: identity };
  }
  const { request, path, pathParameters } = event;
  return {
    version: '1.0',
    type: 'REQUEST',
    methodArn: arn,
    identitySource: identity.join(','),
    authorizationToken: identity.join(','),
    resource: event.route.path,
    path,
    httpMethod: request.method,
    headers: request.headers,
    queryStringParameters: Object.fromEntries(request.query),
    pathParameters: pathParameters ?? {},
    stageVariables: {},
    requestContext: parts.requestContext,
  };
}

function refusal(status: number, message: string): HttpAnswer {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify({ message }) };
}
