import * as path from 'node:path';
import type { AssemblyStack } from './assembly';
import type { Resource } from './resource';
import { readTemplate } from './template-file';

export const NESTED_STACK = 'AWS::CloudFormation::Stack';

/** The stack that a resource of the parent's template nests, with the parent's environment and assets. */
export function nestedSource(resource: Resource, parent: AssemblyStack, name: string): AssemblyStack {
  const file = nestedTemplate(resource, parent)
    ?? resource.place.at('TemplateURL').fail('the template is not an asset of this stack: the sandbox deploys nested stacks of the cloud assembly only.');
  return { ...parent, name, displayName: `${parent.displayName}/${resource.logicalId}`, template: readTemplate(file), templateFile: file };
}

function nestedTemplate(resource: Resource, parent: AssemblyStack): string | undefined {
  const assetPath = resource.metadata('aws:asset:path');
  if (typeof assetPath === 'string') {
    return path.resolve(path.dirname(parent.templateFile), assetPath);
  }
  const url = JSON.stringify(resource.raw('TemplateURL') ?? '');
  return parent.fileAssets.find(({ objectKeys }) => objectKeys.some((key) => url.includes(key)))?.path;
}
