import * as fs from 'node:fs';
import type { FunctionModel } from '../../model';
import type { Resource } from '../../template';

/** Where the code of a function or layer is: in the template, or an asset of its stack. */
export function codeOf(resource: Resource, name: 'Code' | 'Content'): Pick<FunctionModel, 'codeDirectory' | 'codeArchive' | 'inlineCode'> {
  const property = resource.get(name);
  if (property.get('ImageUri').exists) {
    return {};
  }
  const inlineCode = property.get('ZipFile').optionalString();
  if (inlineCode !== undefined) {
    return { inlineCode };
  }
  const key = property.get('S3Key');
  const asset = resource.stack.source.fileAssets.find((candidate) => candidate.objectKeys.includes(key.string()))
    ?? key.place.fail(`"${key.string()}" is not an asset of this stack: the sandbox runs code from the cloud assembly only.`);
  const file = asset.path ?? key.place.fail('the code is made by an executable during deployment, which the sandbox does not run.');
  if (!fs.existsSync(file)) {
    key.place.fail(`the code of the ${name === 'Code' ? 'function' : 'layer'} is missing: ${file}. Run "cdk synth" again.`);
  }
  return fs.statSync(file).isDirectory() ? { codeDirectory: file } : { codeArchive: file };
}
