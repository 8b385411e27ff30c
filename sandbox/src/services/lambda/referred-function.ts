import { functionArn, withoutQualifier } from '../../arn';
import type { Resource } from '../../template';

/** The ARN of the function a resource is about: the property may be a name or an ARN, either with a qualifier. */
export function referredFunctionArn(resource: Resource, property = 'FunctionName'): string {
  return withoutQualifier(functionArn(resource.get(property).string(), resource.stack));
}
