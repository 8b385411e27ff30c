import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { StartupError } from '../errors';
import { HttpServer } from '../gateway/http-server';
import { givenProducts } from '../marketplace/app/given-products';
import { registrationUrl, repeatedProducts } from '../marketplace/app/products';
import type { ProductConfig } from '../marketplace/world/types';
import { SandboxModel } from '../model';
import { Log } from '../ports';
import { SERVICES } from '../services';
import { buildModel, hasPendingValues, loadAssembly, type Provided } from '../template';
import { SandboxOptions } from './options';
import { outputsOf, repeatedOutputs } from './outputs';
import { Sandbox } from './sandbox';
import { Preparation } from './service';

/** What the line on stdout says when the sandbox is ready. */
export interface ReadyLine {
  readonly ready: true;
  readonly endpoint: string;
  /** Null in an app without the integration. */
  readonly registrationUrl: string | null;
  /**
   * Outputs of all stacks, by logical id. Where several stacks have one of that name, it is that of the first, and `Stack.Name` says
   * which one is meant.
   */
  readonly outputs: Readonly<Record<string, unknown>>;
  /** Stack name -> outputs, as `cdk deploy --outputs-file` writes them. */
  readonly stacks: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

export interface RunningSandbox {
  readonly ready: ReadyLine;
  readonly sandbox: Sandbox;
  stop(): Promise<void>;
  /** Ends at once, and leaves no process behind. */
  kill(): void;
}

export interface ErrorHandlers {
  /** An error for which no caller waits. */
  error(error: unknown): void;
  /** The sandbox cannot continue. */
  fatal(message: string): void;
}

/** Loads, deploys and serves an app. `onStarted` gets, at once, the way to end whatever has been started by then. */
export async function launch(
  options: SandboxOptions, log: Log, handlers: ErrorHandlers, onStarted: (kill: () => void) => void = () => undefined,
): Promise<RunningSandbox> {
  let sandbox: Sandbox | undefined;
  const starting = { status: 503, headers: { 'content-type': 'application/json' }, body: '{"error":{"code":"Starting","message":"the sandbox is not ready yet"}}' };
  const server = new HttpServer(async (request) => sandbox ? sandbox.handle(request) : starting, handlers.error);
  const preparations = new Map<string, Preparation<unknown>>();
  const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'marketplace-sandbox-'));
  const kill = (): void => {
    sandbox?.kill();
    preparations.forEach((preparation) => preparation.kill());
    server.close();
    fs.rmSync(scratch, { recursive: true, force: true });
  };
  onStarted(kill);

  try {
    for (const service of SERVICES) {
      if (service.prepare) {
        const preparation = service.prepare(options, handlers.fatal, log);
        preparation.ready.catch(() => undefined);
        preparations.set(service.name, preparation);
      }
    }
    checkForward(options.forward ?? {});
    const assembly = loadAssembly(options.app);
    const endpoint = `http://127.0.0.1:${await server.listen(options.port)}`;
    const read = (provided?: Provided) => buildModel(assembly, SERVICES, {
      endpoint, stacks: options.stacks, unsupported: options.unsupported, stubs: options.stubs, given: options.given, provided,
    });
    let model = read();
    const products = () => givenProducts(options.products ?? [], outputsOf(model.stacks));
    const prepared = new Map<string, unknown>();
    for (const [name, { ready }] of preparations) {
      prepared.set(name, await ready);
    }
    const make = () => build(() => new Sandbox({
      ...options, model, endpoint, log, scratch, onError: handlers.error, givenProducts: products(),
    }, SERVICES, prepared));
    let built = make();
    // Functions of custom resources call AWS while the app is being deployed.
    sandbox = built;
    await built.deploy();
    // Resources that refer to what custom resources answered have it in the next round.
    for (let known = 0; hasPendingValues(model) && built.provided().size > known;) {
      const provided = built.provided();
      known = provided.size;
      await built.stop();
      model = read(provided);
      built = make();
      sandbox = built;
      await built.deploy();
    }
    describe(model, log);
    const running = built;
    const stop = async (): Promise<void> => {
      await running.stop();
      kill();
    };
    return { ready: readyLine(model, endpoint, products()), sandbox: running, stop, kill };
  } catch (error) {
    kill();
    throw error;
  }
}

/** Calls of a service that the sandbox emulates never leave. */
function checkForward(forward: Readonly<Record<string, string>>): void {
  const emulated = SERVICES.flatMap(({ apis = [] }) => apis.map(({ name }) => name));
  for (const service of Object.keys(forward).filter((name) => emulated.includes(name))) {
    throw new StartupError(`--forward ${service}=…: the sandbox emulates this service itself`);
  }
}

/** Invalid policies, patterns and schedules are user errors. */
function build(make: () => Sandbox): Sandbox {
  try {
    return make();
  } catch (error) {
    throw new StartupError((error as Error).message);
  }
}

function readyLine(model: SandboxModel, endpoint: string, products: readonly ProductConfig[]): ReadyLine {
  return {
    ready: true,
    endpoint,
    registrationUrl: registrationUrl(model, endpoint) ?? (products[0]?.fulfillmentUrl || null),
    outputs: outputsOf(model.stacks),
    stacks: Object.fromEntries(model.stacks.map((stack) => [stack.name, stack.outputs])),
  };
}

/** Writes what was deployed: each list of the model, with its length. */
function describe(model: SandboxModel, log: Log): void {
  const { stacks, stackResources: _, stubs, unchecked, inert, madeUp, ...lists } = model;
  const counts = Object.entries(lists).filter(([, entries]) => entries.length > 0)
    .map(([name, entries]) => `${entries.length} ${name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)}`);
  log.info(`deployed ${stacks.map((stack) => stack.name).join(', ')}: ${counts.join(', ')}`);
  for (const type of [...new Set(inert.map((resource) => resource.type))].sort()) {
    const named = inert.filter((resource) => resource.type === type);
    log.info(`inert here: ${named.length} ${type}`);
  }
  for (const { option, name, value } of madeUp) {
    log.info(`made up, as only inert resources need it: ${name} is ${value} (${option} '${name}=…' gives another)`);
  }
  for (const name of repeatedOutputs(stacks)) {
    const owners = stacks.filter(({ outputs }) => Object.hasOwn(outputs, name)).map((stack) => stack.name);
    log.warn(`several stacks have an output "${name}": it is that of ${owners[0]}; ${owners.map((owner) => `${owner}.${name}`).join(', ')} say which one is meant`);
  }
  for (const repeated of repeatedProducts(model)) {
    log.warn(repeated);
  }
  for (const { type, logicalId, stack, reason } of unchecked) {
    log.warn(`not checked: ${reason} (${type} ${logicalId} in stack ${stack})`);
  }
  for (const stub of stubs) {
    log.warn(`stub only: ${stub.type} ${stub.logicalId} in stack ${stub.stack}: ${stub.reason}`);
  }
}
