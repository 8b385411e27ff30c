import type { RouteModel } from './model';

type Route = Pick<RouteModel, 'method' | 'path'>;

export interface RouteMatch<R extends Route = RouteModel> {
  readonly route: R;
  readonly pathParameters: Readonly<Record<string, string>> | null;
}

/**
 * The route of a path the way API Gateway chooses: the resource first (fixed segments before parameters before `{proxy+}`),
 * whatever its methods; then the method, or ANY.
 */
export function matchRoute<R extends Route>(routes: readonly R[], method: string, path: string): RouteMatch<R> | undefined {
  const segments = split(path);
  const [resource] = [...new Set(routes.map((route) => route.path))]
    .flatMap((pattern) => {
      const parameters = bind(split(pattern), segments);
      return parameters ? [{ pattern, parameters }] : [];
    })
    .sort((a, b) => rank(a.pattern) < rank(b.pattern) ? -1 : 1);
  const methods = routes.filter((candidate) => candidate.path === resource?.pattern);
  const route = methods.find((candidate) => candidate.method === method) ?? methods.find((candidate) => candidate.method === 'ANY');
  if (!resource || !route) {
    return undefined;
  }
  return { route, pathParameters: Object.keys(resource.parameters).length > 0 ? resource.parameters : null };
}

function split(path: string): string[] {
  return path.split('/').filter(Boolean);
}

/** Lower wins, segment by segment: fixed, parameter, greedy parameter. */
function rank(pattern: string): string {
  return split(pattern).map((segment) => segment.endsWith('+}') ? '2' : segment.startsWith('{') ? '1' : '0').join('');
}

function bind(pattern: readonly string[], segments: readonly string[]): Record<string, string> | undefined {
  const parameters: Record<string, string> = {};
  for (const [index, part] of pattern.entries()) {
    if (part.endsWith('+}')) {
      if (segments.length <= index) {
        return undefined;
      }
      parameters[part.slice(1, -2)] = segments.slice(index).map(decode).join('/');
      return parameters;
    }
    if (index >= segments.length) {
      return undefined;
    }
    if (part.startsWith('{')) {
      parameters[part.slice(1, -1)] = decode(segments[index]);
    } else if (part !== segments[index]) {
      return undefined;
    }
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
