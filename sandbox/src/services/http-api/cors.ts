import type { CorsModel } from './model';
import type { HttpAnswer, HttpRequest } from '../../gateway/aws-call';

/** The answer to a preflight request; undefined: it is another request, or one that the API leaves to its routes. */
export function preflight(cors: CorsModel | undefined, request: HttpRequest): HttpAnswer | undefined {
  if (!cors || request.method !== 'OPTIONS' || request.headers['access-control-request-method'] === undefined) {
    return undefined;
  }
  const origin = allowedOrigin(cors, request);
  return {
    status: 204,
    headers: origin === undefined ? {} : {
      ...corsHeaders(cors, request),
      ...cors.methods.length > 0 && { 'access-control-allow-methods': cors.methods.join(',') },
      ...cors.headers.length > 0 && { 'access-control-allow-headers': cors.headers.join(',') },
      ...cors.maxAgeSeconds !== undefined && { 'access-control-max-age': String(cors.maxAgeSeconds) },
    },
    body: '',
  };
}

/** The answer with the API's own CORS headers, which replace those of the function. */
export function withCors(cors: CorsModel | undefined, request: HttpRequest, answer: HttpAnswer): HttpAnswer {
  if (!cors) {
    return answer;
  }
  const own = Object.entries(answer.headers).filter(([name]) => !name.startsWith('access-control-'));
  return { ...answer, headers: { ...Object.fromEntries(own), ...corsHeaders(cors, request) } };
}

function corsHeaders(cors: CorsModel, request: HttpRequest): Record<string, string> {
  const origin = allowedOrigin(cors, request);
  return origin === undefined ? {} : {
    'access-control-allow-origin': origin,
    ...cors.credentials && { 'access-control-allow-credentials': 'true' },
    ...cors.exposed.length > 0 && { 'access-control-expose-headers': cors.exposed.join(',') },
    ...origin !== '*' && { vary: 'Origin' },
  };
}

/** `*`, `https://*` or the origin itself. */
function allowedOrigin({ origins }: CorsModel, { headers: { origin } }: HttpRequest): string | undefined {
  if (origin === undefined) {
    return undefined;
  }
  if (origins.includes('*')) {
    return '*';
  }
  return origins.some((allowed) => allowed === origin || (allowed.endsWith('://*') && origin.startsWith(allowed.slice(0, -1)))) ? origin : undefined;
}
