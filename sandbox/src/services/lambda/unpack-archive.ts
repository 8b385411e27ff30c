import * as fs from 'node:fs';
import * as path from 'node:path';
import { pipeline } from 'node:stream/promises';
import * as yauzl from 'yauzl';
import { AssemblyError } from '../../template';

/** Where an entry's attributes have its mode. */
const MODE_FACTOR = 0x10000;

/**
 * Unpacks a zip file into a folder.
 *
 * @throws AssemblyError when the archive is broken
 */
export async function unpack(archive: string, folder: string): Promise<void> {
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
  // Archives of systems without such modes have none.
  const mode = Math.floor(entry.externalFileAttributes / MODE_FACTOR) % 0o1000;
  await pipeline(await zip.openReadStreamPromise(entry), fs.createWriteStream(target, mode > 0 ? { mode } : {}));
}
