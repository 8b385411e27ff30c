import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import type { SandboxModel } from '../../src/model';
import { SERVICES } from '../../src/services';
import { buildModel, loadAssembly, type BuildModelOptions } from '../../src/template';

export const ENDPOINT = 'http://127.0.0.1:4566';

const folders: string[] = [];

afterAll(() => folders.forEach((folder) => fs.rmSync(folder, { recursive: true, force: true })));

export function temporaryFolder(): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'assembly-'));
  folders.push(folder);
  return folder;
}

export interface StackFixture {
  readonly template: object;
  readonly environment?: string;
  /** File name in the assembly by object key. */
  readonly assets?: Readonly<Record<string, string>>;
}

/** Writes a cloud assembly by hand. `files` are contents by relative path. */
export function writeAssembly(stacks: Readonly<Record<string, StackFixture>>, files: Readonly<Record<string, string>> = {}): string {
  const folder = temporaryFolder();
  const artifacts: Record<string, unknown> = {};
  for (const [name, stack] of Object.entries(stacks)) {
    artifacts[`${name}.assets`] = { type: 'cdk:asset-manifest', properties: { file: `${name}.assets.json` } };
    artifacts[name] = {
      type: 'aws:cloudformation:stack',
      environment: stack.environment ?? 'aws://unknown-account/unknown-region',
      properties: { templateFile: `${name}.template.json` },
      dependencies: [`${name}.assets`],
    };
    writeJson(folder, `${name}.template.json`, stack.template);
    writeJson(folder, `${name}.assets.json`, {
      version: '55.0.0',
      files: Object.fromEntries(Object.entries(stack.assets ?? {}).map(([objectKey, file]) => [objectKey, {
        source: { path: file, packaging: 'zip' },
        destinations: { here: { bucketName: 'assets', objectKey } },
      }])),
    });
  }
  writeJson(folder, 'manifest.json', { version: '55.0.0', artifacts });
  for (const [file, content] of Object.entries(files)) {
    fs.mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    fs.writeFileSync(path.join(folder, file), content);
  }
  return folder;
}

function writeJson(folder: string, file: string, content: unknown): void {
  fs.writeFileSync(path.join(folder, file), JSON.stringify(content));
}

export function modelOf(directory: string, options: Partial<BuildModelOptions> = {}): SandboxModel {
  return buildModel(loadAssembly(directory), SERVICES, { endpoint: ENDPOINT, unsupported: 'error', ...options });
}

/** The model of a single stack named Demo. */
export function modelOfTemplate(template: object, options: Partial<BuildModelOptions> = {}): SandboxModel {
  return modelOf(writeAssembly({ Demo: { template } }), options);
}

/** What an expression resolves to, as an output of a stack named Demo. */
export function resolved(expression: unknown, template: object = {}): unknown {
  const model = modelOfTemplate({ ...template, Outputs: { Result: { Value: expression } } });
  return model.stacks[0]?.outputs.Result;
}
