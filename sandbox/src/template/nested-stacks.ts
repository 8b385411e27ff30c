import * as path from 'node:path';
import type { AssemblyStack } from './assembly';
import { readTemplate } from './template-file';
import type { TemplatePath } from './template-path';

export const NESTED_STACK = 'AWS::CloudFormation::Stack';

/** What is read of the resource that nests a stack. */
interface NestingResource {
  readonly logicalId: string;
  readonly place: TemplatePath;
  raw(property: string): unknown;
  metadata(name: string): unknown;
}

/** The stack that a resource of the parent's template nests, with the parent's environment and assets. */
export function nestedSource(resource: NestingResource, parent: AssemblyStack, name: string): AssemblyStack {
  const file = nestedTemplate(resource, parent)
    ?? resource.place.at('TemplateURL').fail('the template is not an asset of this stack: the sandbox deploys nested stacks of the cloud assembly only.');
  return { ...parent, name, displayName: `${parent.displayName}/${resource.logicalId}`, template: readTemplate(file), templateFile: file };
}

function nestedTemplate(resource: NestingResource, parent: AssemblyStack): string | undefined {
  const assetPath = resource.metadata('aws:asset:path');
  if (typeof assetPath === 'string') {
    return path.resolve(path.dirname(parent.templateFile), assetPath);
  }
  const url = JSON.stringify(resource.raw('TemplateURL') ?? '');
  return parent.fileAssets.find(({ objectKeys }) => objectKeys.some((key) => url.includes(key)))?.path;
}
