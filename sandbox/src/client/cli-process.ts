import { spawn } from 'node:child_process';
import * as path from 'node:path';
import { productArgument } from '../cli/given';
import type { ProductOptions } from '../marketplace/app/given-products';
import { GIVEN_OPTIONS, type GivenKind, type GivenValues } from '../template/given-values';
import type { ReadyLine } from '../wiring/launch';

const CLI = path.join(__dirname, '..', '..', 'bin', 'marketplace-sandbox.js');

/** The options of the command `marketplace-sandbox`. */
export interface StartOptions extends GivenValues {
  /** Folder of the cloud assembly (`cdk.out`). */
  readonly app: string;
  readonly stacks?: readonly string[];
  /** Products whose app does not use the construct. */
  readonly products?: readonly ProductOptions[];
  /** Default: a free one. */
  readonly port?: number;
  /** Virtual start: ISO 8601; default now. */
  readonly time?: string;
  /** `true` or a factor: let virtual time run. */
  readonly flow?: boolean | number;
  /** Types that may do nothing where the sandbox does not support them, such as `AWS::Kinesis::*`. */
  readonly stubs?: readonly string[];
  /** Addresses of emulators of other services on this machine, by the signing name of the service: `{ states: 'http://127.0.0.1:4566' }`. */
  readonly forward?: Readonly<Record<string, string>>;
  /** `forward` may name other machines. */
  readonly forwardAnywhere?: boolean;
  readonly unsupported?: 'error' | 'stub';
  /**
   * The DynamoDB engine: `dynoxide` (a native program) or `dynalite` (JavaScript; no transactions, no streams), which come with the
   * sandbox, or the address of a server that runs already, such as DynamoDB Local, whose tables by the names of the app's tables are deleted.
   * @default dynoxide where it is installed for the platform, dynalite elsewhere
   */
  readonly dynamodb?: string;
  /** `stop` answers 0 also when a function failed where no fault struck it. */
  readonly allowFailures?: boolean;
  readonly idleSteps?: number;
  readonly idleSeconds?: number;
  /** Gets each line of progress; default: it is dropped. */
  readonly onProgress?: (line: string) => void;
}

export interface CliProcess {
  readonly ready: ReadyLine;
  readonly end: () => Promise<number>;
}

export async function spawnCli(options: StartOptions): Promise<CliProcess> {
  const child = spawn(process.execPath, [CLI, ...cliArguments(options)], { stdio: ['pipe', 'pipe', 'pipe'] });
  const exited = new Promise<number>((resolve) => child.once('exit', (code) => resolve(code ?? 1)));
  let progress = '';
  child.stderr.on('data', (chunk) => {
    progress = (progress + String(chunk)).slice(-10_000);
    for (const line of String(chunk).split('\n').filter(Boolean)) {
      options.onProgress?.(line);
    }
  });
  const ready = await new Promise<ReadyLine>((resolve, reject) => {
    let output = '';
    child.stdout.on('data', (chunk) => {
      output += String(chunk);
      if (output.includes('\n')) {
        resolve(JSON.parse(output.slice(0, output.indexOf('\n'))));
      }
    });
    child.once('error', reject);
    void exited.then((code) => reject(new Error(`the sandbox did not start (exit code ${code}):\n${progress.trim()}`)));
  });
  const end = (): Promise<number> => {
    child.kill('SIGTERM');
    return exited;
  };
  return { ready, end };
}

/** `options` as the command line has them. */
export function cliArguments(options: StartOptions): string[] {
  const { flow } = options;
  const named: readonly (readonly [string, string | number | undefined])[] = [
    ['--app', options.app],
    ...(options.stacks ?? []).map((stack) => ['--stack', stack] as const),
    ...(options.stubs ?? []).map((type) => ['--stub', type] as const),
    ...(Object.keys(GIVEN_OPTIONS) as GivenKind[]).flatMap((kind) => Object.entries(options[kind] ?? {})
      .map(([name, value]) => [GIVEN_OPTIONS[kind], `${name}=${value}`] as const)),
    ...(options.products ?? []).map((each) => ['--product', productArgument(each)] as const),
    ...Object.entries(options.forward ?? {}).map(([service, address]) => ['--forward', `${service}=${address}`] as const),
    ['--port', options.port],
    ['--time', options.time],
    ['--unsupported', options.unsupported],
    ['--dynamodb', options.dynamodb],
    ['--idle-steps', options.idleSteps],
    ['--idle-seconds', options.idleSeconds],
  ];
  return [
    ...named.flatMap(([name, value]) => value === undefined ? [] : [name, String(value)]),
    ...flow ? [flow === true ? '--flow' : `--flow=${flow}`] : [],
    ...options.forwardAnywhere ? ['--forward-anywhere'] : [],
    ...options.allowFailures ? ['--allow-failures'] : [],
    '--attached',
  ];
}
