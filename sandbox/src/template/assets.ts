import * as path from 'node:path';
import { z } from 'zod';
import { AssemblyError } from './errors';
import { readJson } from './read-json';

/** A file or folder that `cdk deploy` would upload. */
export interface FileAsset {
  /** The S3 keys it would be uploaded under. */
  readonly objectKeys: readonly string[];
  /** Undefined when an executable makes it during deployment. */
  readonly path?: string;
  /** `zip`: the path is a folder that would be zipped. `file`: uploaded as it is. */
  readonly packaging: 'zip' | 'file';
}

const assetsSchema = z.object({
  files: z.record(z.string(), z.object({
    source: z.object({ path: z.string().optional(), packaging: z.enum(['zip', 'file']).default('file') }),
    destinations: z.record(z.string(), z.object({ objectKey: z.string() })),
  })).default({}),
});

export function readAssets(file: string): FileAsset[] {
  const assets = assetsSchema.safeParse(readJson(file));
  if (!assets.success) {
    throw new AssemblyError(`${file} is not an asset manifest: ${z.prettifyError(assets.error)}`);
  }
  return Object.values(assets.data.files).map(({ source, destinations }) => ({
    objectKeys: Object.values(destinations).map((destination) => destination.objectKey),
    path: source.path === undefined ? undefined : path.resolve(path.dirname(file), source.path),
    packaging: source.packaging,
  }));
}
