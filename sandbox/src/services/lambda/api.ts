import { AsyncInvocations } from './async-invocations';
import { FunctionRuntime } from './function-runtime';
import { AwsError } from '../../errors';
import { ApiHandler, AwsCall, HttpAnswer } from '../../gateway/aws-call';
import type { FunctionModel } from '../../model';
import type { InvocationResult } from '../../ports';

const INVOKE = /^\/2015-03-31\/functions\/([^/]+)\/invocations$/;

export interface LambdaApiInput {
  readonly runtime: FunctionRuntime;
  readonly asynchronous: AsyncInvocations;
  readonly invoke: (fn: FunctionModel, payload: string | Buffer) => Promise<InvocationResult>;
}

/** Invoke. */
export class LambdaApi implements ApiHandler {
  constructor(private readonly input: LambdaApiInput) {}

  async handle(call: AwsCall): Promise<HttpAnswer> {
    const match = INVOKE.exec(call.request.path);
    if (!match || call.request.method !== 'POST') {
      throw new AwsError('ResourceNotFoundException', 'the sandbox knows Invoke only', 404);
    }
    const reference = decodeURIComponent(match[1]);
    const fn = this.input.runtime.find(reference, call.region);
    if (!fn) {
      throw new AwsError('ResourceNotFoundException', `Function not found: ${reference}`, 404);
    }
    const payload = call.request.body.length > 0 ? call.request.body : Buffer.from('{}');
    assertJson(payload);
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
}

function assertJson(payload: Buffer): void {
  try {
    JSON.parse(payload.toString());
  } catch {
    throw new AwsError('InvalidRequestContentException', 'Could not parse request body into json');
  }
}
