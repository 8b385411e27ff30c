import { RestApiModel } from '../model';

export interface RouteMatch {
  readonly functionArn: string;
  /** As in the template, `/{proxy+}`. */
  readonly resource: string;
  readonly pathParameters: Readonly<Record<string, string>> | null;
}

type Route = RestApiModel['routes'][number];

/** The route of a path the way API Gateway chooses: fixed segments before parameters before `{proxy+}`, then the method. */
export function matchRoute(routes: readonly Route[], method: string, path: string): RouteMatch | undefined {
  const segments = split(path);
  const matching = routes
    .map((route) => ({ route, parameters: bind(split(route.path), segments) }))
    .filter((candidate): candidate is { route: Route; parameters: Record<string, string> } => candidate.parameters !== undefined
      && (candidate.route.method === method || candidate.route.method === 'ANY'))
    .sort((a, b) => rank(a.route, method) < rank(b.route, method) ? -1 : 1);
  if (matching.length === 0) return undefined;
  const [{ route, parameters }] = matching;
  const pathParameters = Object.keys(parameters).length > 0 ? parameters : null;
  return { functionArn: route.functionArn, resource: route.path, pathParameters };
}

function split(path: string): string[] {
  return path.split('/').filter(Boolean);
}

/** Lower wins, segment by segment: fixed, parameter, greedy parameter; then the exact method. */
function rank(route: Route, method: string): string {
  const kinds = split(route.path).map((segment) => segment.endsWith('+}') ? '2' : segment.startsWith('{') ? '1' : '0');
  return `${kinds.join('')}9${route.method === method ? 0 : 1}`;
}

function bind(pattern: readonly string[], segments: readonly string[]): Record<string, string> | undefined {
  const parameters: Record<string, string> = {};
  for (const [index, part] of pattern.entries()) {
    if (part.endsWith('+}')) {
      if (segments.length <= index) return undefined;
      parameters[part.slice(1, -2)] = segments.slice(index).map(decode).join('/');
      return parameters;
    }
    if (index >= segments.length) return undefined;
    if (part.startsWith('{')) parameters[part.slice(1, -1)] = decode(segments[index]);
    else if (part !== segments[index]) return undefined;
  }
  return pattern.length === segments.length ? parameters : undefined;
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
