import type { Origin } from '../../model';

declare module '../../model' {
  interface ModelLists {
    apis: RestApiModel;
    apiKeys: ApiKeyModel;
    usagePlans: UsagePlanModel;
  }
}

export interface RestApiModel extends Origin {
  /** Physical id: part of the URL `<endpoint>/_apis/<id>/<stage>/…`. */
  readonly id: string;
  readonly name: string;
  readonly account: string;
  readonly region: string;
  readonly stages: readonly string[];
  /** Custom domains that lead to it. */
  readonly mappings: readonly DomainMapping[];
  /** Whether the invoke URL is switched off: the custom domains are its only addresses. */
  readonly invokeUrlDisabled: boolean;
  readonly routes: readonly RouteModel[];
  readonly binaryMediaTypes: readonly string[];
  /** Where the API key of a request is: its header `x-api-key`, or the `usageIdentifierKey` of its authorizer's answer. */
  readonly apiKeySource: 'HEADER' | 'AUTHORIZER';
  /** What errors of API Gateway itself look like, where it is not the usual. */
  readonly errorResponses: readonly ErrorResponseModel[];
}

/** A custom domain, or a base path below it, that leads to a stage of an API. */
export interface DomainMapping {
  readonly host: string;
  /** Empty: all of the domain that no other mapping has. */
  readonly basePath: string;
  readonly stage: string;
}

export interface RouteModel {
  readonly method: string;
  /** Path as API Gateway writes it: `/`, `/register`, `/{proxy+}`. */
  readonly path: string;
  /** Either a function or a fixed response. */
  readonly functionArn?: string;
  readonly mock?: MockModel;
  readonly authorizer?: LambdaAuthorizerModel;
  /** Requests must be signed, by someone whom a policy allows `execute-api:Invoke`. */
  readonly isSigned: boolean;
  readonly needsApiKey: boolean;
}

export interface ApiKeyModel extends Origin {
  /** Physical id. */
  readonly id: string;
  readonly name: string;
  /** What requests have in `x-api-key`. */
  readonly value: string;
  readonly enabled: boolean;
}

export interface UsagePlanModel extends Origin {
  readonly id: string;
  readonly stages: readonly PlannedStageModel[];
  /** Physical ids of its API keys. */
  readonly keyIds: readonly string[];
  readonly quota?: QuotaModel;
  /** How fast each key may make requests. */
  readonly throttle?: RateModel;
}

export interface PlannedStageModel {
  readonly apiId: string;
  readonly stage: string;
  /** Rates of methods that have one of their own, by `<path>/<method>`. */
  readonly methods: Readonly<Record<string, RateModel>>;
}

export interface RateModel {
  /** Requests a second. */
  readonly rate: number;
  /** Requests at once. */
  readonly burst: number;
}

/** How many requests each key of a usage plan may make. */
export interface QuotaModel {
  readonly limit: number;
  readonly period: 'DAY' | 'WEEK' | 'MONTH';
  /** Days by which periods begin later: 1 for weeks from Monday on. */
  readonly offsetDays: number;
}

/** The response of a mock integration. */
export interface MockModel {
  /** Absent: the integration gives none, which is an error. */
  readonly status?: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Origins that are named in `Access-Control-Allow-Origin` when they ask. */
  readonly origins: readonly string[];
}

export interface ErrorResponseModel {
  /** `MISSING_AUTHENTICATION_TOKEN`, `DEFAULT_5XX`, … */
  readonly type: string;
  readonly status?: number;
  /** Values are texts in single quotes, or what of the request goes there. */
  readonly headers: Readonly<Record<string, string>>;
  /** Media type -> body, with variables (`$context.requestId`). */
  readonly templates: Readonly<Record<string, string>>;
}

/** A function that decides who may call. */
export interface LambdaAuthorizerModel {
  readonly id: string;
  readonly functionArn: string;
  /** `TOKEN` gets one header, `REQUEST` the request. */
  readonly type: 'TOKEN' | 'REQUEST';
  /** What of the request identifies the caller: `method.request.header.Authorization`, `$request.querystring.key`. */
  readonly identitySources: readonly string[];
  /** A token that does not match is refused without a call of the function. */
  readonly tokenPattern?: string;
  /** How long an answer is used again for the same caller. */
  readonly cacheSeconds: number;
  /** Format of the event for authorizers of HTTP APIs. */
  readonly payloadFormat: '1.0' | '2.0';
  /** The function answers `{"isAuthorized"}` instead of a policy. */
  readonly hasSimpleAnswers: boolean;
}
