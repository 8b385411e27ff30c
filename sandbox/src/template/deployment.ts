import type { Assembly, AssemblyStack } from './assembly';
import { AssemblyError } from './errors';
import type { Resource } from './resource';
import { Stack } from './stack';
import type { Place } from './template-path';
import { REST_API, restApiId } from '../services/api-gateway/resources';
import { SSM_PARAMETER } from '../services/parameters/resources';

/** What `BootstrapVersion` answers: the sandbox has no bootstrap stack, and nothing that depends on its age. */
const BOOTSTRAP_VERSION = '30';

const INVOKE_URL = /https:\/\/([a-z0-9]+)\.execute-api\.[a-z0-9-]+\.amazonaws\.com(?:\.cn)?(?![\w.-])/g;

/** The chosen stacks of an assembly, as deployed to one sandbox. */
export class Deployment {
  readonly stacks: readonly Stack[];
  readonly unsupported: { readonly resource: Resource; readonly reason: string }[] = [];
  private exports?: Map<string, { stack: Stack; output: string }>;
  private resources?: readonly Resource[];

  constructor(
    private readonly assembly: Assembly,
    readonly endpoint: string,
    chosen?: readonly string[],
  ) {
    this.stacks = choose(assembly, chosen).map((source) => new Stack(this, source));
  }

  /** All resources whose conditions hold, or those of one type. */
  all(type?: string): readonly Resource[] {
    this.resources ??= this.stacks.flatMap((stack) => stack.activeResources());
    return type === undefined ? this.resources : this.resources.filter((resource) => resource.type === type);
  }

  /** API Gateway's invoke URLs lead to AWS: this makes them lead to the sandbox. */
  reachable(text: string): string {
    return text.replace(INVOKE_URL, (url, id: string) => this.hasApi(id) ? `${this.endpoint}/_apis/${id}` : url);
  }

  exported(name: string, importer: Stack, place: Place): unknown {
    this.exports ??= this.collectExports();
    const found = this.exports.get(exportKey(importer, name));
    return found === undefined
      ? place.fail(`no chosen stack exports "${name}" in account ${importer.account}, region ${importer.region}.${this.leftOutHint()}`)
      : found.stack.output(found.output);
  }

  stackOutput(stackName: string, outputName: string, place: Place): unknown {
    const value = this.stacks.find((stack) => stack.name === stackName)?.output(outputName);
    return value ?? place.fail(`no chosen stack "${stackName}" has an output "${outputName}".${this.leftOutHint()}`);
  }

  /** The value of an SSM parameter that the templates create. */
  storedParameter(name: string, list: boolean, place: Place): unknown {
    if (/^\/cdk-bootstrap\/[^/]+\/version$/.test(name)) {
      return BOOTSTRAP_VERSION;
    }
    const parameter = this.all(SSM_PARAMETER).find((candidate) => candidate.reference() === name)
      ?? place.fail(`no chosen stack creates the SSM parameter "${name}".${this.leftOutHint()}`);
    const value = parameter.get('Value').string();
    return list ? value.split(',').map((entry) => entry.trim()) : value;
  }

  private hasApi(id: string): boolean {
    return this.stacks.some((stack) => stack.resourcesOfType(REST_API).some((resource) => restApiId(resource) === id));
  }

  private collectExports(): Map<string, { stack: Stack; output: string }> {
    const found = new Map<string, { stack: Stack; output: string }>();
    for (const stack of this.stacks) {
      for (const [name, output] of stack.exports()) {
        found.set(exportKey(stack, name), { stack, output });
      }
    }
    return found;
  }

  private leftOutHint(): string {
    const chosen = new Set(this.stacks.map((stack) => stack.source));
    const leftOut = this.assembly.stacks.filter((stack) => !chosen.has(stack));
    return leftOut.length === 0 ? '' : ` Not chosen: ${leftOut.map((stack) => stack.displayName).join(', ')}.`;
  }
}

function exportKey(stack: Stack, name: string): string {
  return `${stack.account}/${stack.region}/${name}`;
}

function choose(assembly: Assembly, names?: readonly string[]): readonly AssemblyStack[] {
  if (names === undefined || names.length === 0) {
    return assembly.stacks;
  }
  const wanted = names.map((name) => assembly.stacks.find((stack) => stack.displayName === name || stack.name === name)
    ?? unknownStack(assembly, name));
  return assembly.stacks.filter((stack) => wanted.includes(stack));
}

function unknownStack(assembly: Assembly, name: string): never {
  throw new AssemblyError(`There is no stack "${name}" in ${assembly.directory}; there are: ${assembly.stacks.map((stack) => stack.displayName).join(', ')}.`);
}
