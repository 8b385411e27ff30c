import type { CustomResourceModel } from './model';
import type { ResponseInbox } from './response-inbox';
import { StartupError } from '../../errors';
import type { FunctionModel } from '../../model';
import type { ProvidedValues } from '../../template';
import type { RunningLambda } from '../lambda';

/** Attempts of the CDK's provider framework to ask whether a resource is complete, all at the time of the deployment. */
const MAX_COMPLETION_ATTEMPTS = 60;

interface CustomResourceAnswer {
  readonly Status?: string;
  readonly Reason?: string;
  readonly PhysicalResourceId?: string;
  readonly Data?: Readonly<Record<string, unknown>>;
  readonly IsComplete?: boolean;
}

export interface RunInput {
  readonly lambda: RunningLambda;
  readonly inbox: ResponseInbox;
}

/**
 * Creates a custom resource: its function runs with the event of CloudFormation, and says what became of it at the address that the event
 * names. Of the CDK's provider framework, only the functions of the app run.
 *
 * @throws StartupError when the function fails, says that it failed, or says nothing
 */
export async function runCustomResource(resource: CustomResourceModel, { lambda, inbox }: RunInput): Promise<ProvidedValues> {
  const fn = lambda.find(resource.functionArn) ?? fail(resource, `there is no function ${resource.functionArn}`);
  const expected = inbox.expect();
  const event = {
    RequestType: 'Create',
    ServiceToken: resource.functionArn,
    ResponseURL: expected.url,
    StackId: resource.stackId,
    RequestId: expected.id,
    LogicalResourceId: resource.logicalId,
    ResourceType: resource.type,
    ResourceProperties: asTexts(propertiesOf(resource)),
  };
  const { USER_ON_EVENT_FUNCTION_ARN: onEvent, USER_IS_COMPLETE_FUNCTION_ARN: isComplete } = fn.environment;
  if (onEvent !== undefined) {
    const answer = await callProvider(resource, lambda, event, onEvent, isComplete);
    return { physicalId: answer.PhysicalResourceId ?? event.RequestId, data: answer.Data ?? {} };
  }
  await invoke(resource, lambda, fn, event);
  const answer = expected.answer() as CustomResourceAnswer | undefined;
  if (answer?.Status !== 'SUCCESS') {
    return fail(resource, answer === undefined ? 'its function ended without an answer to the ResponseURL of the event' : answer.Reason ?? 'its function gave no reason');
  }
  return { physicalId: answer.PhysicalResourceId ?? event.RequestId, data: answer.Data ?? {} };
}

async function callProvider(
  resource: CustomResourceModel, lambda: RunningLambda, event: object, onEventArn: string, isCompleteArn: string | undefined,
): Promise<CustomResourceAnswer> {
  const onEvent = lambda.find(onEventArn) ?? fail(resource, `there is no function ${onEventArn}`);
  const begun = await invoke(resource, lambda, onEvent, event);
  const isComplete = isCompleteArn === undefined ? undefined : lambda.find(isCompleteArn);
  if (isComplete === undefined) {
    return begun;
  }
  for (let attempt = 1; attempt <= MAX_COMPLETION_ATTEMPTS; attempt++) {
    const answer = await invoke(resource, lambda, isComplete, { ...event, ...begun });
    if (answer.IsComplete === true) {
      return { ...begun, Data: { ...begun.Data, ...answer.Data } };
    }
  }
  return fail(resource, `${isComplete.logicalId} did not answer {IsComplete: true} in ${MAX_COMPLETION_ATTEMPTS} attempts`);
}

async function invoke(resource: CustomResourceModel, lambda: RunningLambda, fn: FunctionModel, event: object): Promise<CustomResourceAnswer> {
  const { failure, payload } = await lambda.invoke(fn, JSON.stringify(event));
  if (failure !== undefined) {
    return fail(resource, `${fn.logicalId} failed: ${(JSON.parse(payload) as { errorMessage?: string }).errorMessage ?? payload}`);
  }
  return (JSON.parse(payload || 'null') ?? {}) as CustomResourceAnswer;
}

/** `AwsCustomResource` would install a version of the AWS SDK: that of the sandbox serves. */
function propertiesOf({ type, properties }: CustomResourceModel): Readonly<Record<string, unknown>> {
  return type === 'Custom::AWS' ? { ...properties, InstallLatestAwsSdk: false } : properties;
}

/** CloudFormation hands numbers and truths over as texts. */
function asTexts(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(asTexts);
  }
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, asTexts(entry)]));
  }
  return String(value);
}

function fail({ logicalId, stack, type }: CustomResourceModel, reason: string): never {
  throw new StartupError(`the custom resource ${type} ${logicalId} in stack ${stack} could not be created: ${reason}\n`
    + `(--stub '${type}' lets it do nothing)`);
}
