import * as fs from 'node:fs';
import * as path from 'node:path';
import { CodeStore } from './code-store';
import { mergeLayers } from './layers';
import { linkRuntimeModules } from './runtime-modules';
import { unpack } from './unpack-archive';
import type { FunctionModel, LayerModel } from '../../model';

/**
 * Folders with the code of functions: as on Lambda, with nothing of the project around them. A module that
 * the asset lacks is missing here too, and the project's `package.json` does not say what kind of modules the code is made of.
 */
export class CodeFolders {
  /** Folder of modules that Lambda's runtime provides. */
  readonly runtimeModules: string;
  private readonly folders = new Map<string, string>();
  /** What stands for `/opt`, by function. */
  private readonly layers = new Map<string, string>();

  constructor(private readonly scratch: string, private readonly store = new CodeStore()) {
    this.runtimeModules = path.join(scratch, 'runtime', 'node_modules');
  }

  /** @throws AssemblyError when an archive is broken */
  async deploy(functions: readonly FunctionModel[]): Promise<void> {
    if (!fs.existsSync(this.runtimeModules)) {
      linkRuntimeModules(this.runtimeModules);
      this.store.prune(Date.now());
    }
    await Promise.all(functions.filter(({ arn }) => !this.folders.has(arn)).map(async (fn) => {
      this.folders.set(fn.arn, await this.create(fn));
      if (fn.layers) {
        this.layers.set(fn.arn, await this.createLayers(fn.layers, fn));
      }
    }));
  }

  folderOf(fn: FunctionModel): string {
    return this.folders.get(fn.arn)!;
  }

  /** The folder with the function's layers. */
  layersOf(fn: FunctionModel): string | undefined {
    return this.layers.get(fn.arn);
  }

  private async createLayers(layers: readonly LayerModel[], fn: FunctionModel): Promise<string> {
    const folder = path.join(this.scratch, fn.account, fn.region, 'layers', fn.name);
    await mergeLayers(layers, folder);
    return this.store.keep(folder);
  }

  private async create(fn: FunctionModel): Promise<string> {
    const folder = path.join(this.scratch, fn.account, fn.region, fn.name);
    fs.mkdirSync(folder, { recursive: true });
    if (fn.codeDirectory !== undefined) {
      await fs.promises.cp(fn.codeDirectory, folder, { recursive: true, dereference: true });
    } else if (fn.codeArchive === undefined) {
      fs.writeFileSync(path.join(folder, fn.runtime.startsWith('python') ? 'index.py' : 'index.js'), fn.inlineCode ?? '');
    } else {
      await unpack(fn.codeArchive, folder);
    }
    const kept = this.store.keep(folder);
    const bootstrap = path.join(kept, 'bootstrap');
    if (fn.runtime.startsWith('provided') && fs.existsSync(bootstrap)) {
      fs.chmodSync(bootstrap, 0o755);
    }
    return kept;
  }
}
