import type { HttpApiModel, HttpRouteModel } from './model';
import type { HttpRequest } from '../../gateway/aws-call';

const SOURCE_IP = '127.0.0.1';
/** Other bodies arrive as base64, forms too. */
const TEXT = /^(?:text\/.*|application\/(?:json|javascript|xml)|.*\+(?:json|xml))$/;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

export interface HttpEventInput {
  readonly api: HttpApiModel;
  readonly stage: string;
  /** The custom domain that was asked, if one was. */
  readonly domain?: string;
  /** Path below the stage, or below the base path of a custom domain: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html */
  readonly path: string;
  readonly route: HttpRouteModel;
  readonly pathParameters: Readonly<Record<string, string>> | null;
  readonly request: HttpRequest;
  readonly requestId: string;
  /** Virtual epoch milliseconds. */
  readonly now: number;
  /** What the authorizer found out. */
  readonly authorizer?: object;
  /** Account of the one who signed the request. */
  readonly callerAccount?: string;
}

/** The event of payload format 2.0. `requestContext.domainName` is the host of the sandbox. */
export function httpEvent(input: HttpEventInput): Record<string, unknown> {
  const { api, stage, domain, path, route, pathParameters, request, requestId, now, authorizer, callerAccount } = input;
  const { cookie, ...headers } = request.headers;
  const rawPath = stage === '$default' ? path : `/${stage}${path}`;
  const names = [...new Set(request.query.keys())];
  const isText = TEXT.test((headers['content-type'] ?? 'text/plain').split(';')[0]!.trim());
  return {
    version: '2.0',
    routeKey: route.key,
    rawPath,
    rawQueryString: request.query.toString(),
    ...cookie !== undefined && { cookies: cookie.split(/;\s*/) },
    headers: { ...headers, 'x-forwarded-for': SOURCE_IP, 'x-forwarded-port': request.headers.host?.split(':')[1] ?? '80', 'x-forwarded-proto': 'http' },
    ...names.length > 0 && { queryStringParameters: Object.fromEntries(names.map((name) => [name, request.query.getAll(name).join(',')])) },
    requestContext: {
      accountId: api.kind === 'api' ? api.account : callerAccount ?? 'anonymous',
      apiId: api.id,
      ...authorizer && { authorizer },
      domainName: request.headers.host ?? '',
      domainPrefix: domain?.split('.')[0] ?? api.id,
      http: { method: request.method, path: rawPath, protocol: 'HTTP/1.1', sourceIp: SOURCE_IP, userAgent: request.headers['user-agent'] ?? '' },
      requestId,
      routeKey: route.key,
      stage,
      time: timeOf(now),
      timeEpoch: Math.floor(now),
    },
    ...pathParameters && { pathParameters },
    ...request.body.length > 0 && { body: request.body.toString(isText ? 'utf8' : 'base64') },
    isBase64Encoded: request.body.length > 0 && !isText,
  };
}

/** `23/Nov/2026:05:00:00 +0000` */
function timeOf(now: number): string {
  const [year, month, day, time] = new Date(now).toISOString().split(/[-T.]/);
  return `${day}/${MONTHS[Number(month) - 1]}/${year}:${time} +0000`;
}
