import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { LiveOptions } from '../options';
import { regionOf, StackName } from '../stacks';

export interface CommandResult {
  readonly succeeded: boolean;
  /** The last lines that the command printed. */
  readonly lastLines: string;
}

export interface Deployment extends CommandResult {
  readonly outputs: Readonly<Record<string, string>>;
}

/** What the live check needs of the AWS CDK. */
export interface Cdk {
  deploy(stack: StackName): Promise<Deployment>;
  destroy(stack: StackName): Promise<CommandResult>;
  /** Bundles the handlers, so that what is deployed is what is checked out. */
  prepare(): Promise<void>;
  /** Removes the synthesized apps. */
  close(): void;
}

const ROOT = path.join(__dirname, '..', '..', '..');
const APP = path.join(ROOT, 'test', 'live', 'app', 'main.ts');
const TSCONFIG = path.join(ROOT, 'test', 'live', 'tsconfig.json');
const KEPT_CHARACTERS = 2000;

/** What `cdk` runs as the app. */
export const APP_COMMAND = [process.execPath, '-r', 'ts-node/register/transpile-only', '-r', 'tsconfig-paths/register', APP];

/** Environment of the app: which stack it makes, and where. */
export function appEnvironment(stack: StackName, options: Pick<LiveOptions, 'account' | 'region' | 'farRegion'>): Record<string, string> {
  return {
    TS_NODE_PROJECT: TSCONFIG,
    LIVE_CHECK_STACK: stack,
    LIVE_CHECK_ACCOUNT: options.account,
    LIVE_CHECK_REGION: options.region,
    LIVE_CHECK_FAR_REGION: options.farRegion,
  };
}

/** The `cdk` command of this repository. */
export class CdkCli implements Cdk {
  private readonly folder = mkdtempSync(path.join(tmpdir(), 'live-check-'));

  constructor(private readonly options: LiveOptions, private readonly log: (line: string) => void) {}

  async prepare(): Promise<void> {
    const { succeeded, lastLines } = await this.run('npx', ['projen', 'bundle:handlers'], {});
    if (!succeeded) {
      throw new Error(`the handlers cannot be bundled: ${lastLines}`);
    }
  }

  async deploy(stack: StackName): Promise<Deployment> {
    const file = path.join(this.folder, `${stack}.json`);
    const result = await this.cdk(stack, ['deploy', stack, '--app', command(), '--output', this.assembly(stack),
      '--outputs-file', file, '--require-approval', 'never', '--progress', 'events']);
    return { ...result, outputs: existsSync(file) ? JSON.parse(readFileSync(file, 'utf8'))[stack] ?? {} : {} };
  }

  destroy(stack: StackName): Promise<CommandResult> {
    const synthesized = existsSync(this.assembly(stack));
    return this.cdk(stack, ['destroy', stack, '--force', '--app', synthesized ? this.assembly(stack) : command()]);
  }

  close(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private assembly(stack: StackName): string {
    return path.join(this.folder, stack);
  }

  private cdk(stack: StackName, options: readonly string[]): Promise<CommandResult> {
    const region = regionOf(stack, this.options);
    this.log(`cdk ${options[0]} ${stack} (${region})`);
    return this.run('npx', ['cdk', ...options, '--no-notices'], { ...appEnvironment(stack, this.options), AWS_REGION: region });
  }

  private async run(program: string, parameters: readonly string[], env: Readonly<Record<string, string>>): Promise<CommandResult> {
    const child = spawn(program, parameters, {
      cwd: ROOT,
      env: { ...process.env, ...env },
      // A group of its own: Ctrl-C must not end a deployment half-way, because what it left could then not be listed.
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk) => {
        output = (output + String(chunk)).slice(-KEPT_CHARACTERS);
      });
    }
    const code = await new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve));
    return { succeeded: code === 0, lastLines: output.trim().split('\n').slice(-5).join(' | ') };
  }
}

function command(): string {
  return APP_COMMAND.map((word) => JSON.stringify(word)).join(' ');
}
