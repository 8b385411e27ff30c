import * as fs from 'node:fs';
import * as path from 'node:path';
import { FunctionModel } from '../../model';

/** Folders with the code of functions; inline code gets one of its own below a scratch folder. */
export class CodeFolders {
  private readonly folders = new Map<string, string>();

  constructor(private readonly scratch: string) {}

  folderOf(fn: FunctionModel): string {
    if (fn.codeDirectory) {
      return fn.codeDirectory;
    }
    const known = this.folders.get(fn.arn);
    if (known) {
      return known;
    }
    const folder = fs.mkdtempSync(path.join(this.scratch, 'inline-'));
    fs.writeFileSync(path.join(folder, 'index.js'), fn.inlineCode ?? '');
    this.folders.set(fn.arn, folder);
    return folder;
  }
}
