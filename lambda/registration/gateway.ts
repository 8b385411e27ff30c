import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { defined } from '../domain/defined';

/** A request for a page, without the stage or base path, and how to point back at the API from it. */
export interface PageRequest {
  readonly method: string;
  readonly path: string;
  /** By name in lower case: those that the pages read. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
  /** Turns a route like `/register` into a relative URL, right under a stage and under a custom domain alike. */
  readonly urlFor: (route: string) => string;
  /** The language that the buyer chose on a page. */
  readonly chosenLanguage?: string;
  /** API Gateway's id of the request. */
  readonly reference?: string;
}

export interface PageAnswer {
  readonly status: number;
  /** By name in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

type ProxyEvent = Partial<Omit<APIGatewayProxyEvent, 'requestContext'>> & {
  readonly requestContext?: { readonly path?: string; readonly requestId?: string };
};

/** The headers that routes read. */
const READ_HEADERS = ['content-type', 'cookie', 'accept-language'];
/** Others are as unsupported as PUT is. */
const METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);
const PRINTABLE = /^[\x20-\x7e]*$/;

/** Reads an API Gateway REST proxy event. Of the query string only the language is taken. */
export function readGatewayEvent(event: ProxyEvent): PageRequest {
  const path = pathOf(event);
  const method = METHODS.has(event.httpMethod ?? 'GET') ? event.httpMethod ?? 'GET' : 'PUT';
  return {
    method,
    path,
    headers: Object.fromEntries(READ_HEADERS.map((name) => [name, headerOf(event, name)])),
    body: method === 'GET' || method === 'HEAD' ? '' : bodyOf(event),
    ...defined({
      chosenLanguage: matching(/^[a-z]{2,3}$/, event.queryStringParameters?.lang),
      reference: matching(/^[A-Za-z0-9-]{1,64}$/, event.requestContext?.requestId),
    }),
    urlFor: (target) => relative(event.requestContext?.path ?? event.path ?? path, path, target),
  };
}

export function gatewayResult({ status, headers, body }: PageAnswer): APIGatewayProxyResult {
  return { statusCode: status, headers: { ...headers }, body };
}

function matching(pattern: RegExp, value: string | undefined): string | undefined {
  return value !== undefined && pattern.test(value) ? value : undefined;
}

/** A value that cannot be a header is left out, as a browser sends none. */
function headerOf({ headers, multiValueHeaders }: ProxyEvent, name: string): string | undefined {
  const of = <T>(all: Readonly<Record<string, T | undefined>> | null | undefined) =>
    Object.entries(all ?? {}).find(([given]) => given.toLowerCase() === name)?.[1];
  const value = of(multiValueHeaders)?.join(name === 'cookie' ? '; ' : ', ') ?? of(headers);
  return value !== undefined && PRINTABLE.test(value) ? value : undefined;
}

/** The path as the API's resources see it: `path` contains a base path where a custom domain maps one. */
function pathOf({ resource, pathParameters, path }: ProxyEvent): string {
  const proxied = resource === undefined ? path ?? '/' : resource.replace(/\{(\w+)\+?\}/g, (_, name: string) => pathParameters?.[name] ?? '');
  return `/${proxied.split('/').filter((part) => part !== '').join('/')}`;
}

function bodyOf({ body, isBase64Encoded }: ProxyEvent): string {
  return isBase64Encoded ? Buffer.from(body ?? '', 'base64').toString('utf8') : body ?? '';
}

/** From a public path that ends on the route it serves (`/prod/register`, `/prod`, `/`), the way to another route. */
function relative(publicPath: string, route: string, target: string): string {
  const depth = route.split('/').filter((part) => part !== '').length;
  const name = target.replace(/^\//, '');
  if (publicPath.endsWith('/')) {
    return `${'../'.repeat(depth)}${name}` || './';
  }
  if (depth > 0) {
    return `${'../'.repeat(depth - 1)}${name}` || './';
  }
  // `/prod` without its slash: relative URLs start one level above the API. `./`, because a colon would end the scheme of a URL.
  return `./${publicPath.slice(publicPath.lastIndexOf('/') + 1)}/${name}`;
}
