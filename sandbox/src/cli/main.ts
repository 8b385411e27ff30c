import { CliOptions, parseOptions, USAGE, UsageError } from './options';
import { StartupError } from '../errors';
import { stderrLog } from '../log';
import { ControlError } from '../ports';
import { AssemblyError } from '../template';
import { launch, RunningSandbox } from '../wiring/launch';

const EXIT_FAILURE = 1;
const EXIT_USAGE = 2;

/** The command `marketplace-sandbox`. */
export function main(args: readonly string[]): void {
  let options: CliOptions | undefined;
  try {
    options = parseOptions(args, process.env);
  } catch (error) {
    if (!(error instanceof UsageError)) {
      throw error;
    }
    process.stderr.write(`marketplace-sandbox: ${error.message}\nSee marketplace-sandbox --help\n`);
    process.exitCode = EXIT_USAGE;
    return;
  }
  if (!options) {
    process.stdout.write(USAGE);
    return;
  }
  void run(options);
}

async function run(options: CliOptions): Promise<void> {
  const begun = performance.now();
  const log = stderrLog(options.quiet);
  let running: RunningSandbox | undefined;
  let kill = (): void => undefined;
  let ending = false;

  const end = async (code: number): Promise<void> => {
    if (ending) {
      return;
    }
    ending = true;
    await running?.stop().catch((error: unknown) => log.warn(describe(error)));
    const denials = running?.sandbox.denied === true;
    if (denials) {
      log.warn('a function was denied an AWS call (see DENIED above)');
    }
    process.exit(code || (denials ? EXIT_FAILURE : 0));
  };
  const fail = (error: unknown): void => {
    log.warn(`marketplace-sandbox: ${describe(error)}`);
    void end(EXIT_FAILURE);
  };

  /** Before it is ready that is a failure to start. */
  const asked = (): void => void end(running ? 0 : EXIT_FAILURE);
  // Progress nobody reads any longer is no reason to end.
  process.stderr.on('error', () => undefined);
  process.stdout.on('error', fail);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, asked);
  }
  process.on('uncaughtException', fail);
  process.on('unhandledRejection', fail);
  process.on('exit', () => kill());
  if (options.attached) {
    process.stdin.on('end', asked).on('error', asked).resume();
  }

  try {
    const trouble = { error: (error: unknown) => log.warn(`error: ${describe(error)}`), fatal: (message: string) => fail(new StartupError(message)) };
    running = await launch(options, log, trouble, (ways) => {
      kill = ways;
    });
    log.info(`ready after ${Math.round(performance.now() - begun)} ms at ${running.ready.endpoint}`);
    process.stdout.write(`${JSON.stringify(running.ready)}\n`);
  } catch (error) {
    fail(error);
  }
}

/** The message of what its user can mend; everything of what they cannot. */
function describe(error: unknown): string {
  if (error instanceof StartupError || error instanceof AssemblyError || error instanceof ControlError) {
    return error.message;
  }
  return error instanceof Error ? error.stack ?? error.message : String(error);
}
