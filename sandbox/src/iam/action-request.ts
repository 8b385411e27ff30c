import type { AccessRequest } from './evaluate';
import { partitionOf } from '../template/names';

/** A request to AWS, as it came over the wire. */
export interface AwsRequest {
  /** Signing name in the SigV4 scope: `dynamodb`, `sqs`, `aws-marketplace`, … */
  readonly service: string;
  /** From the SigV4 scope. */
  readonly region: string;
  /** Account of the caller: resources are named in it unless the request says otherwise. */
  readonly account: string;
  readonly method: string;
  /** With the query string. */
  readonly path: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Buffer;
}

/** Tells what a request needs permission for. */
export type ActionMapper = (request: AwsRequest) => AccessRequest[];

/** The request is none the sandbox can tell the permissions of. */
export class UnknownRequestError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UnknownRequestError';
  }
}

export function arn(request: AwsRequest, service: string, rest: string): string {
  return `arn:${partitionOf(request.region)}:${service}:${request.region}:${request.account}:${rest}`;
}

/** Operation in `X-Amz-Target`, without its prefix. */
export function targetOperation(request: AwsRequest): string {
  const operation = request.headers['x-amz-target']?.split('.').at(-1);
  if (operation === undefined || operation === '') {
    throw new UnknownRequestError(`a request to ${request.service} has no X-Amz-Target header`);
  }
  return operation;
}

export function jsonBody(request: AwsRequest): Record<string, unknown> {
  try {
    const body: unknown = JSON.parse(request.body.toString('utf8') || '{}');
    return record(body);
  } catch {
    throw new UnknownRequestError(`the body of a request to ${request.service} is not JSON`);
  }
}

/** Parameters of the AWS Query protocol: in the body, or for a GET in the URL. */
export function queryParameters(request: AwsRequest): URLSearchParams {
  const body = request.body.toString('utf8');
  return new URLSearchParams(body === '' ? request.path.split('?')[1] ?? '' : body);
}

export function queryOperation(request: AwsRequest): string {
  const action = queryParameters(request).get('Action');
  if (action === null) {
    throw new UnknownRequestError(`a request to ${request.service} names no Action`);
  }
  return action;
}

/** The entries of an object; none for what is no object. */
export function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}

export function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

export function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
