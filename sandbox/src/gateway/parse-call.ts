import { AwsApi } from './aws-api';
import { AwsCall, HttpRequest, WireFormat } from './aws-call';
import { Callers } from './callers';

const DEFAULT_REGION = 'us-east-1';
/** Path of the protocol `smithy-rpc-v2-cbor`: target and operation. */
const CBOR_PATH = /^\/service\/([^/]+)\/operation\/([^/]+)$/;

interface Scope {
  readonly accessKeyId?: string;
  readonly region?: string;
  readonly service?: string;
}

/** Which operation of which API a request calls, by target, signature scope, path and form. Undefined: no AWS call. */
export function parseCall(request: HttpRequest, apis: readonly AwsApi[], callers?: Callers): AwsCall | undefined {
  const scope = signatureScope(request);
  const [prefix, targetOperation] = splitTarget(request.headers['x-amz-target'] ?? '');
  const form = formOf(request);
  const cbor = CBOR_PATH.exec(request.path);
  const byTarget = (target: string | undefined) => target ? apis.find((candidate) => candidate.target === target) : undefined;
  const recognized = () => apis.find((candidate) => candidate.recognizes?.(request, form?.get('Action') ?? undefined));
  const service = (byTarget(prefix) ?? byTarget(cbor?.[1]))?.name ?? scope.service ?? recognized()?.name;
  if (!service) {
    return undefined;
  }
  const api = apis.find((candidate) => candidate.name === service);
  const format = api ? formatOf(api, request) : guessedFormat(form, cbor !== null);
  const { parameters, malformed } = parametersOf(format, form, request);
  const action = typeof parameters.Action === 'string' ? parameters.Action : undefined;
  return {
    service,
    operation: targetOperation || action || (api?.operationOf?.(request) ?? cbor?.[2] ?? ''),
    region: scope.region ?? DEFAULT_REGION,
    format,
    request,
    url: request.query.size > 0 ? `${request.path}?${request.query.toString()}` : request.path,
    parameters,
    ...malformed && { malformed },
    ...request.at !== undefined && { at: request.at },
    caller: callers?.find(scope.accessKeyId),
    accessKeyId: scope.accessKeyId,
    effect: {},
  };
}

/** Whose key signed a request with Signature Version 4, and for what; empty when none did. */
export function signatureScope(request: HttpRequest): Scope {
  const credential = /Credential=([^,\s]+)/.exec(request.headers.authorization ?? '')?.[1] ?? request.query.get('X-Amz-Credential') ?? '';
  const parts = credential.split('/');
  if (parts.length < 5) {
    return {};
  }
  return { accessKeyId: parts.slice(0, -4).join('/'), region: parts.at(-3), service: parts.at(-2) };
}

function splitTarget(target: string): [string, string] {
  const dot = target.lastIndexOf('.');
  return dot < 0 ? ['', target] : [target.slice(0, dot), target.slice(dot + 1)];
}

function formOf(request: HttpRequest): URLSearchParams | undefined {
  return request.headers['content-type']?.startsWith('application/x-www-form-urlencoded') ? new URLSearchParams(request.body.toString()) : undefined;
}

/** What clients of a service that is not here read: they could not show an error in another format. */
function guessedFormat(form: URLSearchParams | undefined, isCbor: boolean): WireFormat {
  return form?.has('Action') ? 'query' : isCbor ? 'cbor' : 'json';
}

function formatOf({ format = 'json' }: AwsApi, request: HttpRequest): WireFormat {
  return typeof format === 'function' ? format(request) : format;
}

function parametersOf(format: WireFormat, form: URLSearchParams | undefined, request: HttpRequest): Pick<AwsCall, 'parameters' | 'malformed'> {
  switch (format) {
    case 'query': return { parameters: Object.fromEntries(form ?? request.query) };
    case 'json': return parseJson(request.body);
    default: return { parameters: {} };
  }
}

function parseJson(body: Buffer): Pick<AwsCall, 'parameters' | 'malformed'> {
  try {
    const value: unknown = JSON.parse(body.toString() || '{}');
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? { parameters: value as Record<string, unknown> }
      : { parameters: {}, malformed: 'not a JSON object' };
  } catch {
    return { parameters: {}, malformed: 'not JSON' };
  }
}
