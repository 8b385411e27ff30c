import * as fs from 'node:fs';
import * as path from 'node:path';
import { unpack } from './unpack-archive';
import type { FunctionModel } from '../../model';

/** Folders with the code of functions: archives are unpacked, and inline code is written, below a scratch folder. */
export class CodeFolders {
  private readonly folders = new Map<string, string>();

  constructor(private readonly scratch: string) {}

  /** @throws AssemblyError when an archive is broken */
  async deploy(functions: readonly FunctionModel[]): Promise<void> {
    await Promise.all(functions.filter(({ arn }) => !this.folders.has(arn)).map(async (fn) => {
      this.folders.set(fn.arn, await this.create(fn));
    }));
  }

  folderOf(fn: FunctionModel): string {
    return this.folders.get(fn.arn)!;
  }

  private async create(fn: FunctionModel): Promise<string> {
    if (fn.codeDirectory !== undefined) {
      return fn.codeDirectory;
    }
    const folder = path.join(this.scratch, fn.account, fn.region, fn.name);
    fs.mkdirSync(folder, { recursive: true });
    if (fn.codeArchive === undefined) {
      fs.writeFileSync(path.join(folder, 'index.js'), fn.inlineCode ?? '');
    } else {
      await unpack(fn.codeArchive, folder);
    }
    return folder;
  }
}
