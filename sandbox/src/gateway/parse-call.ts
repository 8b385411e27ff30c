import { AwsCall, HttpRequest, WireFormat } from './aws-call';
import { Callers } from './callers';

const DEFAULT_REGION = 'us-east-1';

/** `X-Amz-Target` prefix -> service. The Marketplace services share one signing name. */
const TARGETS: Readonly<Record<string, string>> = {
  DynamoDB_20120810: 'dynamodb',
  AmazonSQS: 'sqs',
  AWSEvents: 'events',
  AWSMPMeteringService: 'metering',
  AWSMPEntitlementService: 'entitlement',
  AWSMPCommerceService_v20200301: 'agreement',
  Logs_20140328: 'logs',
  GraniteServiceVersion20100801: 'monitoring',
};

const QUERY_SERVICES = ['sns', 'sts'];
const STS_ACTIONS = ['AssumeRole', 'GetCallerIdentity', 'AssumeRoleWithWebIdentity', 'GetSessionToken'];
const CBOR_PATH = /^\/service\/([^/]+)\/operation\/([^/]+)$/;

interface Scope {
  readonly accessKeyId?: string; readonly region?: string; readonly service?: string;
}

/** Who calls which operation of which service, as signature scope, target and path tell. Undefined: no AWS call. */
export function parseCall(request: HttpRequest, callers: Callers): AwsCall | undefined {
  const scope = signatureScope(request);
  const [prefix, targetOperation] = splitTarget(request.headers['x-amz-target'] ?? '');
  const form = formOf(request);
  const service = TARGETS[prefix] ?? serviceOf(scope, request, form);
  if (!service) {
    return undefined;
  }
  const format = formatOf(service, request);
  const parameters = format === 'query' ? Object.fromEntries(form ?? request.query) : format === 'json' ? parseJson(request.body) : {};
  return {
    service,
    operation: operationOf(service, targetOperation, parameters, request),
    region: scope.region ?? DEFAULT_REGION,
    format,
    request,
    parameters,
    caller: callers.find(scope.accessKeyId),
    accessKeyId: scope.accessKeyId,
    effect: {},
  };
}

function signatureScope(request: HttpRequest): Scope {
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

function serviceOf(scope: Scope, request: HttpRequest, form: URLSearchParams | undefined): string | undefined {
  const cbor = CBOR_PATH.exec(request.path);
  if (cbor && TARGETS[cbor[1]]) {
    return TARGETS[cbor[1]];
  }
  if (scope.service) {
    return scope.service;
  }
  if (request.path.startsWith('/2015-03-31/functions/')) {
    return 'lambda';
  }
  const action = form?.get('Action');
  return action ? (STS_ACTIONS.includes(action) ? 'sts' : 'sns') : undefined;
}

function formatOf(service: string, request: HttpRequest): WireFormat {
  if (QUERY_SERVICES.includes(service) || (service === 'sqs' && !request.headers['x-amz-target'])) {
    return 'query';
  }
  if (service === 'lambda') {
    return 'rest-json';
  }
  return service === 's3' ? 's3' : 'json';
}

function operationOf(service: string, target: string, parameters: Readonly<Record<string, unknown>>, request: HttpRequest): string {
  if (target) {
    return target;
  }
  if (typeof parameters.Action === 'string') {
    return parameters.Action;
  }
  if (service === 'lambda') {
    return request.path.endsWith('/invocations') ? 'Invoke' : request.method;
  }
  if (service === 's3') {
    return s3Operation(request);
  }
  return CBOR_PATH.exec(request.path)?.[2] ?? '';
}

function s3Operation({ headers, method, path, query }: HttpRequest): string {
  const [bucket, ...key] = path.split('/').filter(Boolean);
  if (bucket === undefined) {
    return 'ListBuckets';
  }
  if (key.length === 0 && method === 'GET') {
    return 'ListObjectsV2';
  }
  if (key.length === 0 && method === 'POST' && query.has('delete')) {
    return 'DeleteObjects';
  }
  if (method === 'PUT' && headers['x-amz-copy-source'] !== undefined) {
    return 'CopyObject';
  }
  const verbs: Readonly<Record<string, string>> = { GET: 'Get', PUT: 'Put', DELETE: 'Delete', HEAD: 'Head', POST: 'Post' };
  return `${verbs[method] ?? method}${key.length === 0 ? 'Bucket' : 'Object'}`;
}

function parseJson(body: Buffer): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(body.toString() || '{}');
    return typeof value === 'object' && value !== null ? value as Record<string, unknown> : {};
  } catch {
    return {};
  }
}
