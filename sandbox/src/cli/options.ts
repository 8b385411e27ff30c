import { parseArgs } from 'node:util';
import { forwardTargets } from './forward';
import { namedValues, product } from './given';
import { UsageError } from './usage-error';
import { parseInstant } from '../clock/duration';
import { DEFAULT_IDLE_LIMITS } from '../clock/work-loop';
import { EMBEDDED_ENGINES, isEmbeddedEngine } from '../services/dynamodb/embedded-engines';
import { SandboxOptions } from '../wiring/options';

export { UsageError } from './usage-error';

export const USAGE = `marketplace-sandbox --app <cdk.out> [options]

Runs the synthesized template of a CDK app against an AWS Marketplace on this machine.

  --app <folder>             cloud assembly, as "cdk synth" writes it (required)
  --stack <name>             stack to deploy; may be repeated (default: all)
  --port <n>                 port of the endpoint on 127.0.0.1 (default: a free one)
  --time <ISO 8601>          virtual time at the start (default: now)
  --flow[=<factor>]          let time run, <factor> times as fast as real time (default factor: 1);
                             without it, time stands still until it is moved
  --parameter <name>=<value> value of a template's parameter; <stack>:<name> for that of one stack
  --ssm, --secret, --export <name>=<value>
                             an SSM parameter, a secret, the export of a stack that the app does not have
  --product code=…,model=SUBSCRIPTION,dimensions=A+B,url=<fulfillment URL>
                             a product whose app does not use the construct; model may be CONTRACT or
                             CONTRACT_WITH_CONSUMPTION (with entitled=A+B), url may be output:<name>
                             (these may be repeated; all values are plain text)
  --run <function>=<command> run a function with a command of yours, which speaks Lambda's runtime API at
                             AWS_LAMBDA_RUNTIME_API (needed for Java, .NET, Ruby and container images);
                             the function by name, logical id or the start of it; may be repeated
  --forward <service>=<url>  pass calls of a service that the sandbox does not emulate to an emulator on this machine,
                             by the service's signing name: states=http://127.0.0.1:4566; may be repeated;
                             --forward-anywhere allows other machines
  --stub <type>              let what the sandbox does not support of this type do nothing, such as
                             'AWS::Kinesis::*'; may be repeated
  --unsupported error|stub   what to do about all that the sandbox does not support (default: error)
  --dynamodb <engine>        dynoxide or dynalite, which come with the sandbox (default: dynoxide where it is installed), or
                             the address of a running DynamoDB Local, whose tables by the names of the app's tables
                             are deleted (or set MARKETPLACE_SANDBOX_DYNAMODB)
  --idle-steps <n>           pieces of work at one moment after which the sandbox reports that it does not become idle (default: ${DEFAULT_IDLE_LIMITS.steps})
  --idle-seconds <n>         the same in real seconds (default: ${DEFAULT_IDLE_LIMITS.millis / 1000})
  --allow-failures           exit with 0 also when a function failed where no fault struck it
  --attached                 end when stdin closes
  --json, --quiet            no progress on stderr
  --help                     this text

Prints one line of JSON on stdout when ready:
  {"ready":true,"endpoint":…,"registrationUrl":…,"outputs":{…},"stacks":{…}}
Ends on SIGINT or SIGTERM. Exit code: 0; 1 when it could not start, or when a function was denied an AWS call, or failed where no fault
struck it; 2 for wrong options.
`;

export interface CliOptions extends SandboxOptions {
  readonly quiet: boolean;
  readonly attached: boolean;
  /** A function that failed does not count in the exit code. */
  readonly allowFailures: boolean;
}

/** Undefined: help was asked for. @throws UsageError */
export function parseOptions(args: readonly string[], environment: NodeJS.ProcessEnv): CliOptions | undefined {
  const { values, realTimeFactor } = parse(args);
  if (values.help) {
    return undefined;
  }
  if (!values.app) {
    throw new UsageError('--app is needed: the folder "cdk synth" wrote (cdk.out)');
  }
  const time = values.time === undefined ? Math.floor(Date.now() / 1000) * 1000 : parseInstant(values.time);
  if (time === undefined) {
    throw new UsageError(`--time ${values.time}: expected an ISO 8601 time such as 2026-11-23T05:00:00Z`);
  }
  const unsupported = values.unsupported ?? 'error';
  if (unsupported !== 'error' && unsupported !== 'stub') {
    throw new UsageError(`--unsupported ${unsupported}: expected error or stub`);
  }
  return {
    app: values.app,
    stacks: values.stack,
    port: wholeNumber('--port', values.port ?? '0', 0, 65_535),
    time,
    realTimeFactor,
    unsupported,
    stubs: values.stub,
    given: {
      parameters: namedValues('--parameter', values.parameter),
      ssm: namedValues('--ssm', values.ssm),
      secrets: namedValues('--secret', values.secret),
      exports: namedValues('--export', values.export),
      run: namedValues('--run', values.run),
    },
    forward: forwardTargets(values.forward, values['forward-anywhere'] === true),
    products: (values.product ?? []).map(product),
    dynamodb: engine(values.dynamodb ?? environment.MARKETPLACE_SANDBOX_DYNAMODB),
    idle: {
      steps: wholeNumber('--idle-steps', values['idle-steps'] ?? String(DEFAULT_IDLE_LIMITS.steps), 1, 1e9),
      millis: wholeNumber('--idle-seconds', values['idle-seconds'] ?? String(DEFAULT_IDLE_LIMITS.millis / 1000), 1, 86_400) * 1000,
    },
    quiet: values.quiet === true || values.json === true,
    attached: values.attached === true,
    allowFailures: values['allow-failures'] === true,
  };
}

function parse(args: readonly string[]) {
  const flag = args.find((arg) => arg === '--flow' || arg.startsWith('--flow='));
  const factor = flag === undefined ? 0 : flag === '--flow' ? 1 : Number(flag.slice('--flow='.length));
  if (!(factor >= 0) || !Number.isFinite(factor) || (flag && factor === 0)) {
    throw new UsageError(`${flag}: expected a factor above 0, such as --flow=60`);
  }
  try {
    const { values } = parseArgs({
      args: args.filter((arg) => arg !== flag),
      strict: true,
      options: {
        'app': { type: 'string' },
        'stack': { type: 'string', multiple: true },
        'port': { type: 'string' },
        'time': { type: 'string' },
        'stub': { type: 'string', multiple: true },
        'parameter': { type: 'string', multiple: true },
        'ssm': { type: 'string', multiple: true },
        'secret': { type: 'string', multiple: true },
        'export': { type: 'string', multiple: true },
        'run': { type: 'string', multiple: true },
        'forward': { type: 'string', multiple: true },
        'forward-anywhere': { type: 'boolean' },
        'product': { type: 'string', multiple: true },
        'unsupported': { type: 'string' },
        'dynamodb': { type: 'string' },
        'idle-steps': { type: 'string' },
        'idle-seconds': { type: 'string' },
        'allow-failures': { type: 'boolean' },
        'attached': { type: 'boolean' },
        'json': { type: 'boolean' },
        'quiet': { type: 'boolean' },
        'help': { type: 'boolean' },
      },
    });
    return { values, realTimeFactor: factor };
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function wholeNumber(option: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < least || value > most) {
    throw new UsageError(`${option} ${text}: expected a whole number from ${least} to ${most}`);
  }
  return value;
}

function engine(wanted: string | undefined): string | undefined {
  if (wanted !== undefined && !isEmbeddedEngine(wanted) && !URL.canParse(wanted)) {
    throw new UsageError(`--dynamodb ${wanted}: expected ${EMBEDDED_ENGINES.join(', ')}, or an address such as http://127.0.0.1:8000`);
  }
  return wanted;
}
