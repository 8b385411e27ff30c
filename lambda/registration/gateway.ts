import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { defined } from '../domain/defined';

/** A request without its stage or base path, and how to point back at the API from it. */
export interface GatewayRequest {
  readonly request: Request;
  /** Turns a route like `/register` into a relative URL, right under a stage and under a custom domain alike. */
  readonly urlFor: (route: string) => string;
}

type ProxyEvent = Partial<Omit<APIGatewayProxyEvent, 'requestContext'>> & { readonly requestContext?: { readonly path?: string } };

/** The headers that routes read. */
const READ_HEADERS = ['content-type', 'cookie'];
const PRINTABLE = /^[\x20-\x7e]*$/;

/** Reads an API Gateway REST proxy event. The query string is left out: no route takes one. */
export function readGatewayEvent(event: ProxyEvent): GatewayRequest {
  const route = routeOf(event);
  const method = event.httpMethod ?? 'GET';
  const headers = new Headers();
  for (const name of READ_HEADERS) {
    const value = headerOf(event, name);
    if (value !== undefined) {
      headers.set(name, value);
    }
  }
  const body = method === 'GET' || method === 'HEAD' ? undefined : bodyOf(event);
  return {
    request: new Request(`https://registration.invalid${route}`, defined({ method, headers, body })),
    urlFor: (target) => relative(event.requestContext?.path ?? event.path ?? route, route, target),
  };
}

export async function gatewayResult(response: Response): Promise<APIGatewayProxyResult> {
  const headers: Record<string, string> = {};
  response.headers.forEach((value, name) => {
    headers[name] = value;
  });
  return { statusCode: response.status, headers, body: await response.text() };
}

/** A value that cannot be a header is left out, as a browser sends none. */
function headerOf({ headers, multiValueHeaders }: ProxyEvent, name: string): string | undefined {
  const of = <T>(all: Readonly<Record<string, T | undefined>> | null | undefined) =>
    Object.entries(all ?? {}).find(([given]) => given.toLowerCase() === name)?.[1];
  const value = of(multiValueHeaders)?.join(name === 'cookie' ? '; ' : ', ') ?? of(headers);
  return value !== undefined && PRINTABLE.test(value) ? value : undefined;
}

/** The path as the API's resources see it: `path` holds a base path where a custom domain maps one. */
function routeOf({ resource, pathParameters, path }: ProxyEvent): string {
  const proxied = resource === undefined ? path ?? '/' : resource.replace(/\{(\w+)\+?\}/g, (_, name: string) => pathParameters?.[name] ?? '');
  return `/${proxied.split('/').filter((part) => part !== '').join('/')}`;
}

function bodyOf({ body, isBase64Encoded }: ProxyEvent): string | undefined {
  if (body === null || body === undefined) {
    return undefined;
  }
  return isBase64Encoded ? Buffer.from(body, 'base64').toString('utf8') : body;
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
  // `/prod` without its slash: relative URLs start one level above the API.
  return `${publicPath.slice(publicPath.lastIndexOf('/') + 1)}/${name}`;
}
