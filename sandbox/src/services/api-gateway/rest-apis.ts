import { Address, addressOf, isAddress } from './addresses';
import { gatewayError, GatewayError } from './gateway-errors';
import { identityOf, LambdaAuthorizers } from './lambda-authorizer';
import { mockResponse } from './mock-response';
import type { LambdaAuthorizerModel, RestApiModel } from './model';
import { proxyEvent, type ProxyInput } from './proxy-event';
import { proxyResponse } from './proxy-response';
import { matchRoute } from './routes';
import { accountOf, arnIn, NO_ACCOUNT, regionOf } from '../../arn';
import type { MetricHistory } from '../../control/metric-history';
import { HttpAnswer, HttpRequest } from '../../gateway/aws-call';
import { IdSequence } from '../../ids';
import type { FunctionModel } from '../../model';
import { Clock } from '../../ports';
import type { InvocationResult } from '../../ports';

/** API Gateway's limit of a request body. */
const MAX_BODY_BYTES = 10 * 1024 * 1024;

export interface RestInput {
  readonly apis: readonly RestApiModel[];
  readonly clock: Clock;
  /** Runs work from outside when it is its turn. */
  readonly runInTurn: <T>(work: () => Promise<T>) => Promise<T>;
  readonly ids: IdSequence;
  readonly metrics: Pick<MetricHistory, 'add'>;
  readonly authorizers: LambdaAuthorizers;
  readonly findFunction: (arn: string) => FunctionModel | undefined;
  readonly invoke: (fn: FunctionModel, payload: string) => Promise<InvocationResult>;
}

/** REST APIs at their invoke URLs and custom domains: each request waits for its turn among everything else that runs. */
export class RestApis {
  constructor(private readonly input: RestInput) {}

  serves(request: HttpRequest): boolean {
    return isAddress(request, this.input.apis);
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
    if (match.route.mock && !match.route.authorizer) {
      return mockResponse(match.route.mock, request) ?? refuse('misconfigured');
    }
    return this.input.runInTurn(async () => {
      const { ids, clock } = this.input;
      const account = accountOf(match.route.functionArn ?? '') || NO_ACCOUNT;
      const input = { address, account, match, request, requestId: ids.next('request'), now: clock.now() };
      const authorization = await this.authorize(input);
      return typeof authorization === 'string' ? refuse(authorization) : this.run({ ...input, ...authorization });
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

  /** What the function gets as `requestContext.authorizer`, or why the request is refused. */
  private async authorize(input: ProxyInput): Promise<GatewayError | { readonly authorizer?: object }> {
    const { match: { route: { authorizer } }, address: { api, stage, path }, request, account } = input;
    if (!authorizer) {
      return {};
    }
    const region = regionOf(authorizer.functionArn);
    const arn = arnIn({ account, region }, 'execute-api', `${api.id}/${stage}/${request.method}${path}`);
    const identity = authorizer.identitySources.map((source) => identityOf(source, request));
    const authorization = await this.input.authorizers.authorize(authorizer, identity, authorizerEvent(authorizer, input, arn, identity), arn);
    switch (authorization.outcome) {
      case 'allowed': return { authorizer: { ...authorization.context, principalId: authorization.principalId, integrationLatency: 0 } };
      case 'failed': return 'authorizerFailed';
      default: return authorization.outcome;
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
