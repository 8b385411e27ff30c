import { gatewayError, GatewayError } from './gateway-errors';
import { mockResponse } from './mock-response';
import type { RestApiModel } from './model';
import { proxyEvent } from './proxy-event';
import { proxyResponse } from './proxy-response';
import { matchRoute } from './routes';
import type { MetricHistory } from '../../control/metric-history';
import { HttpAnswer, HttpRequest } from '../../gateway/aws-call';
import { IdSequence } from '../../ids';
import type { FunctionModel } from '../../model';
import { Clock } from '../../ports';
import type { InvocationResult } from '../../ports';

/** API Gateway's limit of a request body. */
const MAX_BODY_BYTES = 10 * 1024 * 1024;
const URL_PREFIX = '/_apis/';

export interface RestInput {
  readonly apis: readonly RestApiModel[];
  readonly clock: Clock;
  /** Runs work from outside when it is its turn. */
  readonly runInTurn: <T>(work: () => Promise<T>) => Promise<T>;
  readonly ids: IdSequence;
  readonly metrics: Pick<MetricHistory, 'add'>;
  readonly findFunction: (arn: string) => FunctionModel | undefined;
  readonly invoke: (fn: FunctionModel, payload: string) => Promise<InvocationResult>;
}

/** REST APIs at `/_apis/<id>/<stage>/…`: each request waits for its turn among everything else that runs. */
export class RestApis {
  constructor(private readonly input: RestInput) {}

  serves(path: string): boolean {
    return path.startsWith(URL_PREFIX);
  }

  async handle(request: HttpRequest): Promise<HttpAnswer> {
    const answer = await this.answer(request);
    const id = request.path.slice(URL_PREFIX.length).split('/')[0];
    const api = this.input.apis.find((candidate) => candidate.id === id);
    if (api) {
      this.measure(api, answer.status);
    }
    return answer;
  }

  private measure(api: RestApiModel, status: number): void {
    const { clock, metrics } = this.input;
    const add = (name: string, value: number) => metrics.add({ namespace: 'AWS/ApiGateway', name, dimensions: { ApiName: api.name } }, clock.now(), value);
    add('Count', 1);
    add('4XXError', status >= 400 && status < 500 ? 1 : 0);
    add('5XXError', status >= 500 ? 1 : 0);
  }

  private async answer(request: HttpRequest): Promise<HttpAnswer> {
    const [id, stage, ...rest] = request.path.slice(URL_PREFIX.length).split('/');
    const api = this.input.apis.find((candidate) => candidate.id === id);
    const path = `/${rest.join('/')}`;
    const match = api?.stages.includes(stage) ? matchRoute(api.routes, request.method, path) : undefined;
    const refuse = (error: GatewayError): HttpAnswer => gatewayError(error, api, request);
    if (!api || !match) {
      return refuse('noRoute');
    }
    if (match.route.mock) {
      return mockResponse(match.route.mock, request) ?? refuse('misconfigured');
    }
    const fn = this.input.findFunction(match.route.functionArn ?? '');
    if (!fn) {
      return refuse('misconfigured');
    }
    if (request.body.length > MAX_BODY_BYTES) {
      return refuse('tooLarge');
    }
    const result = await this.input.runInTurn(() => {
      const { clock, ids, invoke } = this.input;
      const event = proxyEvent({ api, account: fn.account, stage, path, match, request, requestId: ids.next('request'), now: clock.now() });
      return invoke(fn, JSON.stringify(event));
    });
    if (result.failure) {
      return refuse(result.failure === 'timeout' ? 'timeout' : 'failed');
    }
    return proxyResponse(result.payload, `${URL_PREFIX}${id}/${stage}`, stage) ?? refuse('failed');
  }
}
