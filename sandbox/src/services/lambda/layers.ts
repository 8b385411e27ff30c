import * as fs from 'node:fs';
import * as path from 'node:path';
import { codeOf } from './function-code';
import { unpack } from './unpack-archive';
import type { LayerModel } from '../../model';
import type { Resource, ResourceType } from '../../template';

const LAYER = 'AWS::Lambda::LayerVersion';

export const layerVersion: ResourceType = { reference: layerArn, attributes: { LayerVersionArn: layerArn } };

/** Always its first version. */
function layerArn(resource: Resource): string {
  return resource.arn('lambda', `layer:${resource.get('LayerName').string(resource.generatedName())}:1`);
}

/** The code of a function's layers, in order. Layers of others are not there. */
export function layersOf(resource: Resource): LayerModel[] {
  const layers = resource.stack.deployment.all(LAYER);
  return resource.get('Layers').strings().flatMap((arn) => {
    const layer = layers.find((candidate) => layerArn(candidate) === arn);
    if (layer === undefined) {
      resource.unsupported(`the layer ${arn}, which the app does not create`);
      return [];
    }
    return [codeOf(layer, 'Content')];
  });
}

/** Puts the layers into a folder, one over the other, which stands for `/opt`. */
export async function mergeLayers(layers: readonly LayerModel[], folder: string): Promise<void> {
  fs.mkdirSync(folder, { recursive: true });
  for (const { codeDirectory, codeArchive } of layers) {
    if (codeDirectory !== undefined) {
      await fs.promises.cp(codeDirectory, folder, { recursive: true, dereference: true });
    } else if (codeArchive !== undefined) {
      await unpack(codeArchive, folder);
    }
  }
}

/** Where Lambda's runtimes look for what layers bring, as variables of the environment. */
export function layerPaths(opt: string | undefined, runtime: string, runtimeModules: string, path_ = ''): Record<string, string> {
  const join = (...parts: (string | undefined)[]): string => parts.filter(Boolean).join(path.delimiter);
  const inOpt = (...parts: string[]): string | undefined => opt === undefined ? undefined : path.join(opt, ...parts);
  const version = /^nodejs(\d+)/.exec(runtime)?.[1];
  return {
    NODE_PATH: join(version && inOpt('nodejs', `node${version}`, 'node_modules'), inOpt('nodejs', 'node_modules'), runtimeModules),
    ...opt !== undefined && runtime.startsWith('python') && { PYTHONPATH: join(inOpt('python', 'lib', runtime, 'site-packages'), inOpt('python')) },
    ...opt !== undefined && { PATH: join(inOpt('bin'), path_), LD_LIBRARY_PATH: join(inOpt('lib')) },
  };
}
