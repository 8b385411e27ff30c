import { AsyncInvocations } from './async-invocations';
import { FunctionRuntime } from './function-runtime';
import type { EventSourceMappingModel } from './model';
import type { Switches } from './switches';
import { AwsError } from '../../errors';
import { jsonAnswer } from '../../gateway/answers';
import { ApiHandler, AwsCall, HttpAnswer, HttpRequest } from '../../gateway/aws-call';
import type { FunctionModel } from '../../model';
import type { InvocationResult } from '../../ports';

const FUNCTION = /^\/[\d-]+\/functions\/([^/]+)\/(invocations|concurrency)$/;
const MAPPING = /^\/[\d-]+\/event-source-mappings\/([^/]+)$/;

const OPERATIONS: Readonly<Record<string, string>> = {
  'POST invocations': 'Invoke',
  'PUT concurrency': 'PutFunctionConcurrency',
  'DELETE concurrency': 'DeleteFunctionConcurrency',
  'GET concurrency': 'GetFunctionConcurrency',
};
const MAPPING_OPERATIONS: Readonly<Record<string, string>> = { GET: 'GetEventSourceMapping', PUT: 'UpdateEventSourceMapping' };

/** What a request calls, and of which function or mapping: name, ARN or id. */
export function lambdaOperation({ method, path }: Pick<HttpRequest, 'method' | 'path'>): { readonly operation: string; readonly reference: string } | undefined {
  const [, fn, what] = FUNCTION.exec(path) ?? [];
  const [, mapping] = MAPPING.exec(path) ?? [];
  const operation = fn === undefined ? MAPPING_OPERATIONS[method] : OPERATIONS[`${method} ${what}`];
  const reference = fn ?? mapping;
  return operation === undefined || reference === undefined ? undefined : { operation, reference: decodeURIComponent(reference) };
}

export interface LambdaApiInput {
  readonly runtime: FunctionRuntime;
  readonly asynchronous: AsyncInvocations;
  readonly invoke: (fn: FunctionModel, payload: string | Buffer) => Promise<InvocationResult>;
  readonly switches: Switches;
  readonly mappings: readonly EventSourceMappingModel[];
  /** Called when there may be work. */
  readonly wake: () => void;
}

/** Invoke, and what stops and starts a function or an event source mapping. */
export class LambdaApi implements ApiHandler {
  constructor(private readonly input: LambdaApiInput) {}

  async handle(call: AwsCall): Promise<HttpAnswer> {
    const known = lambdaOperation(call.request);
    if (!known) {
      throw new AwsError('ResourceNotFoundException', 'the sandbox knows Invoke, {Put,Get,Delete}FunctionConcurrency, and {Get,Update}EventSourceMapping only', 404);
    }
    const { operation, reference } = known;
    if (operation.endsWith('EventSourceMapping')) {
      return this.mapping(call, operation, reference);
    }
    const fn = this.input.runtime.find(reference, call.region);
    if (!fn) {
      throw new AwsError('ResourceNotFoundException', `Function not found: ${reference}`, 404);
    }
    return operation === 'Invoke' ? this.invoke(call, fn) : this.concurrency(call, operation, fn);
  }

  private async invoke(call: AwsCall, fn: FunctionModel): Promise<HttpAnswer> {
    const payload = call.request.body.length > 0 ? call.request.body : Buffer.from('{}');
    parseJson(payload);
    switch (call.request.headers['x-amz-invocation-type'] ?? 'RequestResponse') {
      case 'DryRun':
        return { status: 204, headers: {}, body: '' };
      case 'Event':
        this.input.asynchronous.submit(fn, payload.toString());
        return { status: 202, headers: {}, body: '' };
      default:
        return this.answer(call, await this.input.invoke(fn, payload));
    }
  }

  private answer(call: AwsCall, result: InvocationResult): HttpAnswer {
    if (result.failure === 'throttled') {
      throw new AwsError('TooManyRequestsException', 'Rate Exceeded.', 429);
    }
    const wantsLog = call.request.headers['x-amz-log-type'] === 'Tail';
    return {
      status: 200,
      headers: {
        'content-type': 'application/json',
        'x-amz-executed-version': '$LATEST',
        ...result.failure && { 'x-amz-function-error': 'Unhandled' },
        ...wantsLog && { 'x-amz-log-result': '' },
      },
      body: result.payload,
    };
  }

  private concurrency(call: AwsCall, operation: string, fn: FunctionModel): HttpAnswer {
    const { switches } = this.input;
    if (operation === 'DeleteFunctionConcurrency') {
      switches.reserve(fn, undefined);
      return { status: 204, headers: {}, body: '' };
    }
    if (operation === 'PutFunctionConcurrency') {
      const { ReservedConcurrentExecutions: wanted } = parseJson(call.request.body);
      if (!Number.isInteger(wanted) || Number(wanted) < 0) {
        throw new AwsError('InvalidParameterValueException', `ReservedConcurrentExecutions is ${JSON.stringify(wanted)}: give an integer of 0 or more`);
      }
      switches.reserve(fn, Number(wanted));
    }
    return jsonAnswer({ ReservedConcurrentExecutions: switches.reservedConcurrency(fn) }, 200, 'application/json');
  }

  private mapping(call: AwsCall, operation: string, uuid: string): HttpAnswer {
    const { mappings, switches, wake } = this.input;
    const mapping = mappings.find((candidate) => candidate.uuid === uuid);
    if (!mapping) {
      throw new AwsError('ResourceNotFoundException', 'The resource you requested does not exist.', 404);
    }
    if (operation === 'UpdateEventSourceMapping') {
      const { Enabled: enabled, ...others } = parseJson(call.request.body);
      const other = Object.keys(others).find((name) => name !== 'UUID');
      if (typeof enabled !== 'boolean' || other !== undefined) {
        throw new AwsError('InvalidParameterValueException', `the sandbox switches a mapping by Enabled only${other === undefined ? '' : `, and knows no ${other}`}`);
      }
      switches.enable(mapping, enabled);
      wake();
    }
    const { batchSize: BatchSize, eventSourceArn: EventSourceArn, functionArn: FunctionArn } = mapping;
    const State = switches.isEnabled(mapping) ? 'Enabled' : 'Disabled';
    return jsonAnswer({ UUID: uuid, BatchSize, EventSourceArn, FunctionArn, State }, 200, 'application/json');
  }
}

function parseJson(payload: Buffer): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(payload.toString());
  } catch {
    throw new AwsError('InvalidRequestContentException', 'Could not parse request body into json');
  }
}
