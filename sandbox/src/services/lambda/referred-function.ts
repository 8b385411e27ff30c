import { withoutQualifier } from '../../template/names';
import type { Resource } from '../../template/resource';

/** The ARN of the function a resource is about: its `FunctionName` may be a name or an ARN, either with a qualifier. */
export function referredFunctionArn(resource: Resource): string {
  const name = resource.get('FunctionName').string();
  return withoutQualifier(name.startsWith('arn:') ? name : resource.arn('lambda', `function:${name}`));
}
