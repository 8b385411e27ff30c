import type { RuleTarget } from './model';
import { withoutQualifier } from '../../arn';
import type { Resource, Value } from '../../template';

/** Where the sandbox can send events; events to log groups are dropped. */
const DELIVERABLE = /^arn:[^:]+:(lambda|sqs|sns|events|logs):/;

const DEFAULT_RETRIES = 185;
const DEFAULT_AGE_SECONDS = 86_400;

/** A target of a rule or schedule. Events to one that the sandbox has nothing for are lost, if stubs are allowed. */
export function ruleTarget(resource: Resource, target: Value): RuleTarget {
  const arn = withoutQualifier(target.get('Arn').string());
  if (!DELIVERABLE.test(arn)) {
    resource.unsupported(`events to ${arn}`, arn);
  }
  const transformer = target.get('InputTransformer');
  const retry = target.get('RetryPolicy');
  return {
    id: target.get('Id').string('Target0'),
    arn,
    ...optional('input', target.get('Input')),
    ...optional('inputPath', target.get('InputPath')),
    ...(transformer.exists && { inputTransformer: inputTransformer(transformer) }),
    ...optional('roleArn', target.get('RoleArn')),
    ...optional('deadLetterArn', target.get('DeadLetterConfig').get('Arn')),
    ...optional('messageGroupId', target.get('SqsParameters').get('MessageGroupId')),
    maximumRetryAttempts: retry.get('MaximumRetryAttempts').number(DEFAULT_RETRIES),
    maximumEventAgeSeconds: retry.get('MaximumEventAgeInSeconds').number(DEFAULT_AGE_SECONDS),
  };
}

function optional<K extends keyof RuleTarget>(key: K, value: Value): Partial<Record<K, string>> {
  const text = value.optionalString();
  return text === undefined ? {} : Object.fromEntries([[key, text]]) as Record<K, string>;
}

function inputTransformer(value: Value): NonNullable<RuleTarget['inputTransformer']> {
  const paths = value.get('InputPathsMap');
  return {
    pathsMap: Object.fromEntries(Object.keys(paths.exists ? paths.record() : {}).map((name) => [name, paths.get(name).string()])),
    template: value.get('InputTemplate').string(),
  };
}
