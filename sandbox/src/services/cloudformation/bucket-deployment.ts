import * as fs from 'node:fs';
import * as path from 'node:path';
import type { BucketDeploymentModel, BucketSource } from './model';
import type { Fauxqs } from '../fauxqs/fauxqs';
import { unpack } from '../lambda/unpack-archive';
import { objectUrl } from '../s3/objects';

/** Copies what a `BucketDeployment` names into its bucket. */
export async function deployToBucket({ bucket, extract, prefix, sources }: BucketDeploymentModel, engine: Fauxqs, scratch: string): Promise<void> {
  for (const source of sources) {
    for (const [name, content] of await filesOf(source, extract, scratch)) {
      const key = [prefix, name].filter(Boolean).join('/');
      await engine.request({ method: 'PUT', url: objectUrl(bucket, key), headers: { 'content-type': 'application/octet-stream' }, body: content });
    }
  }
}

async function filesOf({ asset, markers }: BucketSource, extract: boolean, scratch: string): Promise<[string, Buffer][]> {
  const file = asset.path;
  if (file === undefined) {
    return [];
  }
  if (fs.statSync(file).isDirectory()) {
    return readFolder(file, markers);
  }
  if (!extract || !file.endsWith('.zip')) {
    return [[path.basename(file), fs.readFileSync(file)]];
  }
  const folder = fs.mkdtempSync(path.join(scratch, 'bucket-'));
  await unpack(file, folder);
  return readFolder(folder, markers);
}

function readFolder(folder: string, markers: BucketSource['markers']): [string, Buffer][] {
  const names = fs.readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
  return names.filter((name) => fs.statSync(path.join(folder, name)).isFile()).map((name) => {
    const content = fs.readFileSync(path.join(folder, name));
    return [name.split(path.sep).join('/'), withValues(content, markers)];
  });
}

function withValues(content: Buffer, markers: BucketSource['markers']): Buffer {
  const entries = Object.entries(markers);
  return entries.length === 0
    ? content
    : Buffer.from(entries.reduce((text, [marker, value]) => text.replaceAll(marker, value), content.toString()));
}
