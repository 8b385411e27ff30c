import { nameOrArn, withoutQualifier } from '../../arn';
import type { Resource } from '../../template';

/** The ARN of the function a resource is about: its `FunctionName` may be a name or an ARN, either with a qualifier. */
export function referredFunctionArn(resource: Resource): string {
  const name = resource.get('FunctionName').string();
  return withoutQualifier(nameOrArn(name, () => resource.arn('lambda', `function:${name}`)));
}
