import type { HttpAnswer } from '../../gateway/aws-call';

interface FunctionAnswer {
  readonly statusCode?: unknown;
  readonly headers?: Readonly<Record<string, unknown>> | null;
  readonly cookies?: readonly string[] | null;
  readonly body?: unknown;
  readonly isBase64Encoded?: unknown;
}

/**
 * The HTTP answer that a function's result means in payload format 2.0: without a status code, all of it is the body. Undefined: it means
 * none. Redirects and cookies that name a path get the path that the API has here.
 *
 * @param base path of the API in the sandbox
 */
export function httpResponse(payload: string, base: string): HttpAnswer | undefined {
  const value: unknown = JSON.parse(payload);
  const result: FunctionAnswer = typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
  if (result.statusCode === undefined) {
    return { status: 200, headers: { 'content-type': 'application/json' }, body: typeof value === 'string' ? value : payload };
  }
  const status = Number(result.statusCode);
  const body = result.body ?? '';
  if (!Number.isInteger(status) || status < 100 || status > 599) {
    return undefined;
  }
  const headers: Record<string, string | string[]> = {};
  for (const [name, header] of Object.entries(result.headers ?? {})) {
    headers[name.toLowerCase()] = name.toLowerCase() === 'location' ? below(String(header), base) : String(header);
  }
  const cookies = [...[headers['set-cookie'] ?? []].flat(), ...result.cookies ?? []];
  if (cookies.length > 0) {
    headers['set-cookie'] = cookies.map((cookie) => cookie.replace(/(;\s*path=)([^;]*)/i, (_all, attribute: string, path: string) => attribute + below(path, base)));
  }
  delete headers['content-length'];
  headers['content-type'] ??= 'application/json';
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return { status, headers, body: result.isBase64Encoded === true ? Buffer.from(text, 'base64') : text };
}

function below(path: string, base: string): string {
  return path.startsWith('/') && !path.startsWith('//') && !path.startsWith(`${base}/`) ? base + path : path;
}
