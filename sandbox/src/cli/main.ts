import { stderrLog } from './log';
import { watchNpm } from './npm-watch';
import { CliOptions, parseOptions, USAGE, UsageError } from './options';
import { ControlError, StartupError } from '../errors';
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
  const startedAt = performance.now();
  const log = stderrLog(options.quiet);
  let running: RunningSandbox | undefined;
  let kill = (): void => undefined;
  let ending = false;

  const end = async (code: number): Promise<void> => {
    if (ending) {
      return;
    }
    ending = true;
    // What is ended by the stop is no failure.
    const failures = running?.sandbox.failed === true && !options.allowFailures;
    await running?.stop().catch((error: unknown) => log.warn(describe(error)));
    const denials = running?.sandbox.denied === true;
    if (denials) {
      log.warn('a function was denied an AWS call (see DENIED above)');
    }
    if (failures) {
      log.warn('a function failed (see above; --allow-failures if that is meant)');
    }
    process.exit(code || (denials || failures ? EXIT_FAILURE : 0));
  };
  const fail = (error: unknown): void => {
    log.warn(`marketplace-sandbox: ${describe(error)}`);
    void end(EXIT_FAILURE);
  };

  /** A stop before the sandbox is ready is a failure to start. */
  const stopRequested = (): void => {
    if (!running && !ending) {
      log.warn('marketplace-sandbox: stopped before it was ready');
    }
    void end(running ? 0 : EXIT_FAILURE);
  };
  // A closed stderr loses progress only: the sandbox continues.
  process.stderr.on('error', () => undefined);
  process.stdout.on('error', fail);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, stopRequested);
  }
  process.on('uncaughtException', fail);
  process.on('unhandledRejection', fail);
  process.on('exit', () => kill());
  if (options.attached) {
    process.stdin.on('end', stopRequested).on('error', stopRequested).resume();
  } else {
    watchNpm(process.env, stopRequested);
  }

  try {
    const handlers = { error: (error: unknown) => log.warn(`error: ${describe(error)}`), fatal: (message: string) => fail(new StartupError(message)) };
    running = await launch(options, log, handlers, (stop) => {
      kill = stop;
    });
    log.info(`ready after ${Math.round(performance.now() - startedAt)} ms at ${running.ready.endpoint}`);
    process.stdout.write(`${JSON.stringify(running.ready)}\n`);
  } catch (error) {
    fail(error);
  }
}

/** The message of an error that the user can correct, else the whole error. */
function describe(error: unknown): string {
  if (error instanceof StartupError || error instanceof AssemblyError || error instanceof ControlError) {
    return error.message;
  }
  return error instanceof Error ? error.stack ?? error.message : String(error);
}
