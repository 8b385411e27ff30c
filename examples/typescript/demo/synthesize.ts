import { spawnSync } from 'node:child_process';
import * as path from 'node:path';

/** What `cdk synth` does with the example, with the library of this repository. */
export function synthesizeExample(outdir: string): void {
  run(['app.ts'], { CDK_OUTDIR: outdir });
}

/** The apps of scenarios: each in a folder of its name, in `folder`. */
export function synthesizeProducts(folder: string, names: readonly string[]): void {
  run(['demo/synthesize-products.ts', folder, ...names]);
}

function run(program: readonly string[], environment: Readonly<Record<string, string>> = {}): void {
  const { status, stderr } = spawnSync(process.execPath, ['-r', 'ts-node/register/transpile-only', '-r', 'tsconfig-paths/register', ...program], {
    cwd: path.join(__dirname, '..'),
    env: { ...process.env, ...environment, TS_NODE_PROJECT: path.join(__dirname, 'tsconfig.json') },
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`the example does not synthesize:\n${stderr}`);
}
