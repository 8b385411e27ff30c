import type { Address } from './addresses';
import type { RestApiModel } from './model';
import { RouteMatch } from './routes';
import { HttpRequest } from '../../gateway/aws-call';

const SOURCE_IP = '127.0.0.1';

export interface ProxyInput {
  readonly address: Address;
  readonly account: string;
  readonly match: RouteMatch;
  readonly request: HttpRequest;
  readonly requestId: string;
  /** Virtual epoch milliseconds. */
  readonly now: number;
  /** What the authorizer found out. */
  readonly authorizer?: object;
  /** Who signed the request, and its API key. */
  readonly identity?: object;
}

/** The event of a Lambda proxy integration (payload format 1.0). `requestContext.path` is the path of the whole URL. */
export function proxyEvent({ address, account, match, request, requestId, now, authorizer, identity }: ProxyInput): Record<string, unknown> {
  const { api, stage, eventPath, publicPath, host } = address;
  const multiValueHeaders = headersOf(request);
  const query = [...request.query.keys()];
  const isBase64Encoded = isBinary(api, request.headers['content-type']);
  return {
    resource: match.route.path,
    path: eventPath,
    httpMethod: request.method,
    headers: lastValues(multiValueHeaders),
    multiValueHeaders,
    queryStringParameters: query.length > 0 ? Object.fromEntries(query.map((name) => [name, request.query.getAll(name).at(-1)])) : null,
    multiValueQueryStringParameters: query.length > 0 ? Object.fromEntries(query.map((name) => [name, request.query.getAll(name)])) : null,
    pathParameters: match.pathParameters,
    stageVariables: null,
    requestContext: {
      accountId: account,
      apiId: api.id,
      ...authorizer && { authorizer },
      domainName: request.headers.host ?? '',
      domainPrefix: api.mappings.some((mapping) => mapping.host === host) ? host.split('.')[0] : api.id,
      extendedRequestId: requestId,
      httpMethod: request.method,
      identity: { ...identity, sourceIp: SOURCE_IP, userAgent: request.headers['user-agent'] ?? null },
      path: publicPath,
      protocol: 'HTTP/1.1',
      requestId,
      requestTime: new Date(now).toUTCString(),
      requestTimeEpoch: now,
      resourceId: 'sandbox',
      resourcePath: match.route.path,
      stage,
    },
    body: request.body.length === 0 ? null : request.body.toString(isBase64Encoded ? 'base64' : 'utf8'),
    isBase64Encoded: request.body.length > 0 && isBase64Encoded,
  };
}

function isBinary(api: RestApiModel, contentType = 'application/json'): boolean {
  const [type] = contentType.split(';');
  return api.binaryMediaTypes.some((pattern) => pattern === '*/*' || pattern === type.trim()
    || (pattern.endsWith('/*') && type.startsWith(pattern.slice(0, -1))));
}

function headersOf(request: HttpRequest): Record<string, string[]> {
  const headers: Record<string, string[]> = {};
  for (let index = 0; index < request.rawHeaders.length; index += 2) {
    const name = request.rawHeaders[index];
    (headers[name] ??= []).push(request.rawHeaders[index + 1]);
  }
  return { ...headers, 'X-Forwarded-For': [SOURCE_IP], 'X-Forwarded-Port': [request.headers.host?.split(':')[1] ?? '80'], 'X-Forwarded-Proto': ['http'] };
}

function lastValues(headers: Readonly<Record<string, readonly string[]>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, values]) => [name, values[values.length - 1]]));
}
