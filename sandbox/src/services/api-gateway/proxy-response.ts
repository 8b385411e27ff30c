import { HttpAnswer } from '../../gateway/aws-call';

interface ProxyResult {
  readonly statusCode?: unknown;
  readonly headers?: Readonly<Record<string, unknown>> | null;
  readonly multiValueHeaders?: Readonly<Record<string, readonly unknown[]>> | null;
  readonly body?: unknown;
  readonly isBase64Encoded?: unknown;
}

/**
 * The HTTP answer a function's result means; undefined when it means none. Redirects and cookies that name a path of the API get
 * the path that it has here.
 * @param toSandbox the path here of an absolute path on AWS
 */
export function proxyResponse(payload: string, toSandbox: (path: string) => string): HttpAnswer | undefined {
  const result = parse(payload);
  const status = Number(result?.statusCode);
  const body = result?.body ?? '';
  if (!result || !Number.isInteger(status) || status < 100 || status > 599 || typeof body !== 'string') {
    return undefined;
  }
  const headers: Record<string, string | string[]> = {};
  for (const [name, value] of Object.entries(result.headers ?? {})) {
    headers[name.toLowerCase()] = rebase(name, String(value), toSandbox);
  }
  for (const [name, values] of Object.entries(result.multiValueHeaders ?? {})) {
    const key = name.toLowerCase();
    const texts = values.map((value) => rebase(name, String(value), toSandbox));
    headers[key] = [...new Set([...[headers[key] ?? []].flat(), ...texts])];
  }
  delete headers['content-length'];
  headers['content-type'] ??= 'application/json';
  return { status, headers, body: result.isBase64Encoded === true ? Buffer.from(body, 'base64') : body };
}

function rebase(name: string, value: string, toSandbox: (path: string) => string): string {
  switch (name.toLowerCase()) {
    case 'location': return toSandbox(value);
    case 'set-cookie': return value.replace(/(;\s*path=)([^;]*)/i, (_all, attribute: string, path: string) => attribute + toSandbox(path));
    default: return value;
  }
}

function parse(payload: string): ProxyResult | undefined {
  const value: unknown = JSON.parse(payload);
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
}
