import * as fs from 'node:fs';
import * as path from 'node:path';
import { pipeline } from 'node:stream/promises';
import * as yauzl from 'yauzl';
import type { SandboxModel } from '../../model';
import { AssemblyError } from '../../template/errors';

/**
 * The model with every `codeArchive` unpacked below a folder, as `codeDirectory`. The folder is the caller's to remove.
 *
 * @throws AssemblyError when an archive is broken.
 */
export async function unpackArchives(model: SandboxModel, folder: string): Promise<SandboxModel> {
  const functions = await Promise.all(model.functions.map(async ({ codeArchive, ...rest }) => {
    if (codeArchive === undefined) {
      return rest;
    }
    const codeDirectory = path.join(folder, rest.account, rest.region, rest.name);
    await unpack(codeArchive, codeDirectory);
    return { ...rest, codeDirectory };
  }));
  return { ...model, functions };
}

async function unpack(archive: string, folder: string): Promise<void> {
  fs.mkdirSync(folder, { recursive: true });
  try {
    const zip = await yauzl.openPromise(archive);
    for await (const entry of zip.eachEntry()) {
      await unpackEntry(zip, entry, folder);
    }
  } catch (error) {
    throw new AssemblyError(`${archive} cannot be unpacked: ${error instanceof Error ? error.message : String(error)}`);
  }
}

async function unpackEntry(zip: yauzl.ZipFile, entry: yauzl.Entry, folder: string): Promise<void> {
  const target = path.join(folder, entry.fileName);
  if (entry.fileName.endsWith('/')) {
    fs.mkdirSync(target, { recursive: true });
    return;
  }
  fs.mkdirSync(path.dirname(target), { recursive: true });
  await pipeline(await zip.openReadStreamPromise(entry), fs.createWriteStream(target));
}
