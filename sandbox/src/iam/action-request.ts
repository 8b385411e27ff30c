import { arnIn, Environment } from '../arn';
import type { AccessRequest } from './evaluate';
import type { AwsCall } from '../gateway/aws-call';

/**
 * Says what a call needs permission for.
 *
 * @param account account of the caller: resources are named in it unless the request says otherwise
 */
export type ActionMapper = (call: AwsCall, account: string) => AccessRequest[];

/** The sandbox does not know which permissions the request needs. */
export class UnknownRequestError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UnknownRequestError';
  }
}

/** An ARN where the caller is. */
export function callerArn(call: AwsCall, account: string, service: string, rest: string): string {
  const environment: Environment = { account, region: call.region };
  return arnIn(environment, service, rest);
}

/** @throws UnknownRequestError when the request names no operation */
export function operationOf({ service, operation }: AwsCall): string {
  if (operation === '') {
    throw new UnknownRequestError(`a request to ${service} names no operation`);
  }
  return operation;
}

/** @throws UnknownRequestError when the body is not JSON */
export function jsonBody({ service, parameters, malformed }: AwsCall): Readonly<Record<string, unknown>> {
  if (malformed === 'not JSON') {
    throw new UnknownRequestError(`the body of a request to ${service} is not JSON`);
  }
  return parameters;
}

/** The entries of an object; empty for other values. */
export function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}

export function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

export function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
