import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { StartupError } from '../errors';
import { HttpServer } from '../gateway/http-server';
import { Log } from '../log';
import { SandboxModel } from '../model';
import { SandboxOptions } from './options';
import { registrationUrl, repeatedProducts } from './products';
import { Sandbox } from './sandbox';
import { EngineProcess, startDynoxide } from '../services/dynamodb/dynoxide';
import { DynamoDb } from '../services/dynamodb/engine';
import { buildModel, loadAssembly, unpackArchives } from '../template';

/** What the line on stdout says when the sandbox is ready. */
export interface ReadyLine {
  readonly ready: true;
  readonly endpoint: string;
  /** Null in an app without the integration. */
  readonly registrationUrl: string | null;
  /** Outputs of all stacks, by logical id; of several by one name, the first. */
  readonly outputs: Readonly<Record<string, unknown>>;
  /** Stack name -> outputs, as `cdk deploy --outputs-file` writes them. */
  readonly stacks: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

export interface RunningSandbox {
  readonly ready: ReadyLine;
  readonly sandbox: Sandbox;
  stop(): Promise<void>;
  /** What of stopping can be done at once: no process is left behind. */
  kill(): void;
}

export interface Trouble {
  /** Something failed that cannot be told to any caller. */
  error(error: unknown): void;
  /** The sandbox cannot go on. */
  fatal(message: string): void;
}

/** Loads, deploys and serves an app. `begun` is told at once how to end whatever has been started by then. */
export async function launch(
  options: SandboxOptions, log: Log, trouble: Trouble, begun: (kill: () => void) => void = () => undefined,
): Promise<RunningSandbox> {
  let sandbox: Sandbox | undefined;
  const starting = { status: 503, headers: { 'content-type': 'application/json' }, body: '{"error":{"code":"Starting","message":"the sandbox is not ready yet"}}' };
  const server = new HttpServer(async (request) => sandbox ? sandbox.handle(request) : starting, trouble.error);
  let engine: EngineProcess | undefined;
  const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'marketplace-sandbox-'));
  const kill = (): void => {
    sandbox?.work.runtime.reset();
    engine?.stop();
    server.close();
    fs.rmSync(scratch, { recursive: true, force: true });
  };
  begun(kill);

  try {
    const starts = options.dynamodb ? undefined : startDynoxide(trouble.fatal);
    starts?.then((started) => {
      engine = started;
    }, () => undefined);
    const assembly = loadAssembly(options.app);
    const endpoint = `http://127.0.0.1:${await server.listen(options.port)}`;
    const model = await unpackArchives(buildModel(assembly, { endpoint, stacks: options.stacks, unsupported: options.unsupported }), scratch);
    const dynamodb = new DynamoDb(options.dynamodb ?? (await starts)!.url);
    const built = build(() => new Sandbox({ ...options, model, endpoint, dynamodb, log, scratch, onError: trouble.error }));
    await built.start();
    sandbox = built;
    describe(model, log);
    const stop = async (): Promise<void> => {
      await built.stop();
      kill();
    };
    return { ready: readyLine(model, endpoint), sandbox: built, stop, kill };
  } catch (error) {
    kill();
    throw error;
  }
}

/** What the template's policies, patterns and schedules get wrong is its author's to mend. */
function build(make: () => Sandbox): Sandbox {
  try {
    return make();
  } catch (error) {
    throw new StartupError((error as Error).message);
  }
}

function readyLine(model: SandboxModel, endpoint: string): ReadyLine {
  return {
    ready: true,
    endpoint,
    registrationUrl: registrationUrl(model, endpoint) ?? null,
    outputs: Object.assign({}, ...model.stacks.map((stack) => stack.outputs).reverse()),
    stacks: Object.fromEntries(model.stacks.map((stack) => [stack.name, stack.outputs])),
  };
}

function describe(model: SandboxModel, log: Log): void {
  log.info(`deployed ${model.stacks.map((stack) => stack.name).join(', ')}: ${model.functions.length} functions, ${model.tables.length} tables, `
    + `${model.queues.length} queues, ${model.rules.length} rules, ${model.apis.length} REST APIs`);
  for (const repeated of repeatedProducts(model)) {
    log.warn(repeated);
  }
  for (const stub of model.stubs) {
    log.warn(`stub only: ${stub.type} ${stub.logicalId} in stack ${stub.stack}`);
  }
}
