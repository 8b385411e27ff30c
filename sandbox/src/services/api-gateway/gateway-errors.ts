import type { ErrorResponseModel, RestApiModel } from './model';
import { HttpAnswer, HttpRequest } from '../../gateway/aws-call';

/** What API Gateway itself answers when there is nothing else to answer with. */
export type GatewayError =
  'forbidden' | 'invalidApiKey' | 'throttled' | 'quotaExceeded' | 'invalidSignature' | 'noRoute' | 'tooLarge' | 'misconfigured' | 'failed' | 'timeout' | 'unauthorized' | 'denied' | 'authorizerFailed';

const ERRORS: Readonly<Record<GatewayError, { readonly status: number; readonly type: string; readonly message: string }>> = {
  forbidden: { status: 403, type: 'ForbiddenException', message: 'Forbidden' },
  invalidApiKey: { status: 403, type: 'INVALID_API_KEY', message: 'Forbidden' },
  throttled: { status: 429, type: 'THROTTLED', message: 'Too Many Requests' },
  quotaExceeded: { status: 429, type: 'QUOTA_EXCEEDED', message: 'Limit Exceeded' },
  invalidSignature: { status: 403, type: 'INVALID_SIGNATURE', message: 'The request signature is not valid' },
  noRoute: { status: 403, type: 'MISSING_AUTHENTICATION_TOKEN', message: 'Missing Authentication Token' },
  tooLarge: { status: 413, type: 'REQUEST_TOO_LARGE', message: 'Request Too Long' },
  misconfigured: { status: 500, type: 'API_CONFIGURATION_ERROR', message: 'Internal server error' },
  failed: { status: 502, type: 'DEFAULT_5XX', message: 'Internal server error' },
  unauthorized: { status: 401, type: 'UNAUTHORIZED', message: 'Unauthorized' },
  denied: { status: 403, type: 'ACCESS_DENIED', message: 'User is not authorized to access this resource' },
  authorizerFailed: { status: 500, type: 'AUTHORIZER_FAILURE', message: 'Internal server error' },
  timeout: { status: 504, type: 'INTEGRATION_TIMEOUT', message: 'Endpoint request timed out' },
};

const REQUEST_ID = '00000000-0000-4000-8000-000000000000';

/** The answer to a request that failed before or behind a function, as the API's gateway responses make it look; `reason`: a message that says more than usual. */
export function gatewayError(error: GatewayError, api: RestApiModel | undefined, request: HttpRequest, reason?: string): HttpAnswer {
  const { status, type } = ERRORS[error];
  const message = reason ?? ERRORS[error].message;
  const known = (name: string) => api?.errorResponses.find((response) => response.type === name);
  const response = known(type) ?? known(`DEFAULT_${String(status)[0]}XX`);
  const [mediaType, template] = chosen(response?.templates ?? {}, request.headers.accept);
  return {
    status: response?.status ?? status,
    headers: { 'content-type': mediaType, 'x-amzn-errortype': type, ...headersOf(response, request) },
    body: filled(template, { 'error.message': message, 'error.messageString': JSON.stringify(message), 'error.responseType': type, 'requestId': REQUEST_ID }),
  };
}

/** The first template the client accepts, else that of JSON, else any. */
function chosen(templates: Readonly<Record<string, string>>, accept = '*/*'): readonly [string, string] {
  const wanted = accept.split(',').map((type) => type.split(';')[0].trim());
  const mediaType = [...wanted, 'application/json', ...Object.keys(templates)].find((type) => Object.hasOwn(templates, type));
  return mediaType === undefined ? ['application/json', '{"message":$context.error.messageString}'] : [mediaType, templates[mediaType]];
}

function headersOf(response: ErrorResponseModel | undefined, request: HttpRequest): Record<string, string> {
  return Object.fromEntries(Object.entries(response?.headers ?? {}).flatMap(([name, value]) => {
    const text = /^'(.*)'$/s.exec(value)?.[1] ?? request.headers[/^method\.request\.header\.(.+)$/.exec(value)?.[1]?.toLowerCase() ?? ''];
    return text === undefined ? [] : [[name, text]];
  }));
}

/** Variables without a value are empty. */
function filled(template: string, values: Readonly<Record<string, string>>): string {
  return template.replace(/\$context\.([A-Za-z]+(?:\.[A-Za-z]+)*)/g, (_, name: string) => values[name] ?? '');
}
