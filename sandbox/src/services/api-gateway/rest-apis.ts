import { Address, addressOf, isAddress, type Mapped } from './addresses';
import { ApiKeys } from './api-keys';
import { gatewayError, GatewayError } from './gateway-errors';
import { identityOf, LambdaAuthorizers } from './lambda-authorizer';
import { mockResponse } from './mock-response';
import type { LambdaAuthorizerModel, RestApiModel } from './model';
import { proxyEvent, type ProxyInput } from './proxy-event';
import { proxyResponse } from './proxy-response';
import { matchRoute } from './routes';
import { arnIn } from '../../arn';
import type { WorkLoop } from '../../clock/work-loop';
import type { MetricHistory } from '../../control/metric-history';
import { HttpAnswer, HttpRequest } from '../../gateway/aws-call';
import { SignedRequests } from '../../gateway/signed-requests';
import { IdSequence } from '../../ids';
import type { FunctionModel } from '../../model';
import { Clock } from '../../ports';
import type { InvocationResult } from '../../ports';

/** API Gateway's limit of a request body. */
const MAX_BODY_BYTES = 10 * 1024 * 1024;

interface Refused {
  readonly error: GatewayError;
  readonly reason?: string;
}

interface Authorized {
  readonly authorizer?: object;
  readonly identity?: object;
  readonly usageIdentifierKey?: string;
}

export interface RestInput {
  readonly apis: readonly RestApiModel[];
  /** All APIs that custom domains lead to, HTTP APIs too. */
  readonly mapped: readonly Mapped[];
  readonly clock: Clock;
  readonly loop: Pick<WorkLoop, 'runForRequest'>;
  readonly ids: IdSequence;
  readonly metrics: Pick<MetricHistory, 'add'>;
  readonly authorizers: LambdaAuthorizers;
  readonly apiKeys: ApiKeys;
  readonly signedRequests: SignedRequests;
  readonly findFunction: (arn: string) => FunctionModel | undefined;
  readonly invoke: (fn: FunctionModel, payload: string) => Promise<InvocationResult>;
}

/** REST APIs at their invoke URLs and custom domains: each request waits for its turn among everything else that runs. */
export class RestApis {
  constructor(private readonly input: RestInput) {}

  serves(request: HttpRequest): boolean {
    return isAddress(request, this.input.apis, this.input.mapped);
  }

  async handle(request: HttpRequest): Promise<HttpAnswer> {
    const address = addressOf(request, this.input.apis);
    if (!address) {
      return gatewayError('forbidden', undefined, request);
    }
    const answer = await this.answer(address, request);
    this.measure(address.api, answer.status);
    return answer;
  }

  private measure(api: RestApiModel, status: number): void {
    const { clock, metrics } = this.input;
    const add = (name: string, value: number) => metrics.add({ namespace: 'AWS/ApiGateway', name, dimensions: { ApiName: api.name } }, clock.now(), value);
    add('Count', 1);
    add('4XXError', status >= 400 && status < 500 ? 1 : 0);
    add('5XXError', status >= 500 ? 1 : 0);
  }

  private async answer(address: Address, request: HttpRequest): Promise<HttpAnswer> {
    const { api } = address;
    const match = matchRoute(api.routes, request.method, address.path);
    const refuse = (error: GatewayError): HttpAnswer => gatewayError(error, api, request);
    if (!match) {
      return refuse('noRoute');
    }
    if (request.body.length > MAX_BODY_BYTES) {
      return refuse('tooLarge');
    }
    if (match.route.mock && !match.route.authorizer && !match.route.isSigned && !match.route.needsApiKey) {
      return mockResponse(match.route.mock, request) ?? refuse('misconfigured');
    }
    return this.input.loop.runForRequest(request, async () => {
      const { ids, clock } = this.input;
      const input = { address, account: api.account, match, request, requestId: ids.next('request'), now: clock.now() };
      const authorization = await this.authorize(input);
      if ('error' in authorization) {
        return gatewayError(authorization.error, api, request, authorization.reason);
      }
      const key = this.keyOf(input, authorization.usageIdentifierKey);
      return typeof key === 'string' ? refuse(key) : this.run({ ...input, ...authorization, identity: { ...authorization.identity, ...key } });
    });
  }

  private async run(input: ProxyInput): Promise<HttpAnswer> {
    const { address, match, request } = input;
    const refuse = (error: GatewayError): HttpAnswer => gatewayError(error, address.api, request);
    if (match.route.mock) {
      return mockResponse(match.route.mock, request) ?? refuse('misconfigured');
    }
    const fn = this.input.findFunction(match.route.functionArn ?? '');
    if (!fn) {
      return refuse('misconfigured');
    }
    const result = await this.input.invoke(fn, JSON.stringify(proxyEvent({ ...input, account: fn.account })));
    if (result.failure) {
      return refuse(result.failure === 'timeout' ? 'timeout' : 'failed');
    }
    return proxyResponse(result.payload, address.toSandbox) ?? refuse('failed');
  }

  /** What the function gets in `requestContext.identity` of the API key, or why the request is refused. */
  private keyOf({ match: { route }, address: { api, stage }, request }: ProxyInput, fromAuthorizer: string | undefined): GatewayError | object {
    if (!route.needsApiKey) {
      return {};
    }
    const called = { apiId: api.id, stage, method: `${route.path}/${route.method}` };
    const key = this.input.apiKeys.take(api.apiKeySource === 'AUTHORIZER' ? fromAuthorizer : request.headers['x-api-key'], called);
    return typeof key === 'string' ? key : { apiKey: key.value, apiKeyId: key.id };
  }

  /** What the function gets as `requestContext.authorizer` and in `requestContext.identity`, or why the request is refused. */
  private async authorize(input: ProxyInput): Promise<Refused | Authorized> {
    const { match: { route }, address: { api, stage, path }, request } = input;
    const arn = arnIn(api, 'execute-api', `${api.id}/${stage}/${request.method}${path}`);
    const { authorizer } = route;
    if (route.isSigned) {
      return this.authorizeSigner(api, request, arn);
    }
    if (!authorizer) {
      return {};
    }
    const identity = authorizer.identitySources.map((source) => identityOf(source, request));
    const authorization = await this.input.authorizers.authorize(authorizer, identity, authorizerEvent(authorizer, input, arn, identity), arn);
    switch (authorization.outcome) {
      case 'allowed': {
        const { context, principalId, usageIdentifierKey } = authorization;
        return { authorizer: { ...context, principalId, integrationLatency: 0 }, usageIdentifierKey };
      }
      case 'failed': return { error: 'authorizerFailed' };
      default: return { error: authorization.outcome };
    }
  }

  private authorizeSigner(api: RestApiModel, request: HttpRequest, arn: string): Refused | Authorized {
    const decision = this.input.signedRequests.decide(request, 'execute-api', api, [{ action: 'execute-api:Invoke', resource: arn }]);
    switch (decision.outcome) {
      case 'allowed': {
        const { accessKeyId, account, arn: userArn, userId } = decision.signer;
        return { identity: { accessKey: accessKeyId, accountId: account, caller: userId, user: userId, userArn } };
      }
      case 'missing': return { error: 'noRoute' };
      case 'invalid': return { error: 'invalidSignature', reason: decision.message };
      default: return { error: 'denied', reason: decision.message };
    }
  }
}

function authorizerEvent({ type }: LambdaAuthorizerModel, input: ProxyInput, methodArn: string, identity: readonly (string | undefined)[]): object {
  if (type === 'TOKEN') {
    return { type, methodArn, authorizationToken: identity[0] };
  }
  const { body: _body, isBase64Encoded: _encoded, ...parts } = proxyEvent(input);
  return { ...parts, type, methodArn };
}
