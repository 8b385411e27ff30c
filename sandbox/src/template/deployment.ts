import type { Assembly, AssemblyStack } from './assembly';
import { AssemblyError } from './errors';
import { GIVEN_OPTIONS, type GivenKind, type GivenValues, type MadeUpValue, makeUp } from './given-values';
import { type Provided, providedKey, type ProvidedValues } from './provided-values';
import type { Resource } from './resource';
import type { ResourceType, TemplateSupport } from './resource-type';
import { Stack } from './stack';
import type { TemplatePath } from './template-path';

/** Stands in for types that the sandbox does not know: references resolve, if stubs are allowed. */
const UNKNOWN_TYPE: ResourceType = {
  anyAttribute: (resource, name) => name.endsWith('Arn') ? stubArn(resource) : `stub:${resource.logicalId}.${name}`,
  build: (resource) => resource.unsupported(resource.stack.deployment.refusalOf(resource.type)),
};

function stubArn(resource: Resource): string {
  const [, service = '', kind = ''] = resource.type.toLowerCase().split('::');
  return resource.arn(service, `${kind}/${resource.generatedName()}`);
}

/** Something that the sandbox does not do. */
export interface Unsupported {
  readonly resource: Resource;
  readonly reason: string;
  /** The resource on whose account it does not: a target that is only a stub, say. */
  readonly cause?: Resource;
}

export interface DeploymentOptions {
  readonly stacks?: readonly string[];
  readonly stubs?: readonly string[];
  readonly provided?: Provided;
  readonly given?: GivenValues;
}

/** The chosen stacks of an assembly, as deployed to one sandbox. */
export class Deployment {
  readonly stacks: readonly Stack[];
  readonly unsupported: Unsupported[] = [];
  private readonly madeUp = new Map<string, MadeUpValue>();
  private exports?: Map<string, { stack: Stack; output: string }>;
  private resources?: readonly Resource[];

  constructor(
    private readonly assembly: Assembly,
    private readonly support: readonly TemplateSupport[],
    readonly endpoint: string,
    private readonly options: DeploymentOptions = {},
  ) {
    this.stacks = choose(assembly, options.stacks).flatMap((source) => new Stack(this, source).withNested());
  }

  /** The values that a resource has got in an earlier round. */
  provided(resource: Resource): ProvidedValues | undefined {
    return this.options.provided?.get(providedKey({ stack: resource.stack.name, logicalId: resource.logicalId }));
  }

  /** All values of a kind that only the person who deploys knows. */
  given(kind: GivenKind): Readonly<Record<string, string>> {
    return this.options.given?.[kind] ?? {};
  }

  /**
   * A value that no template has: the given one, else a made-up one where only an inert resource needs it.
   *
   * @param reason why there is none, without a stop at the end
   */
  missing(kind: GivenKind, name: string, place: TemplatePath, reason: string, type?: string): string {
    const given = this.given(kind);
    if (Object.hasOwn(given, name)) {
      return given[name]!;
    }
    const option = GIVEN_OPTIONS[kind];
    if (!place.isInert) {
      return place.fail(`${reason}. Give it: ${option} '${name}=…'.${this.leftOutHint()}`);
    }
    const value = makeUp(name, type);
    this.madeUp.set(`${option} ${name}`, { option, name, value });
    return value;
  }

  madeUpValues(): readonly MadeUpValue[] {
    return [...this.madeUp.values()];
  }

  /** Whether a type was named as one that does nothing. */
  isStub(type: string): boolean {
    return (this.options.stubs ?? []).some((pattern) => matchesType(pattern, type));
  }

  /** All resources whose conditions are met, or those of one type. */
  all(type?: string): readonly Resource[] {
    this.resources ??= this.stacks.flatMap((stack) => stack.activeResources());
    return type === undefined ? this.resources : this.resources.filter((resource) => resource.type === type);
  }

  /** Whether or not their conditions are met. */
  declared(type: string): readonly Resource[] {
    return this.stacks.flatMap((stack) => stack.resourcesOfType(type));
  }

  typeOf(name: string): ResourceType {
    return this.support.find(({ resources }) => resources !== undefined && Object.hasOwn(resources, name))?.resources?.[name]
      ?? firstOf(this.support, (service) => service.typeOf?.(name))
      ?? UNKNOWN_TYPE;
  }

  /** Why a type that no service knows is not supported. */
  refusalOf(name: string): string {
    return firstOf(this.support, (service) => service.refusalOf?.(name)) ?? 'unknown resource type';
  }

  /** The resource with this ARN that the sandbox only has in name: an inert one, or of a type that no service knows. */
  standInFor(arn: string): Resource | undefined {
    return this.all().find((resource) => (resource.known.inert === true || resource.known === UNKNOWN_TYPE)
      && (resource.reference() === arn || resource.known.anyAttribute?.(resource, 'Arn') === arn));
  }

  /** The text with URLs that lead to AWS replaced by those of the sandbox. */
  toSandboxUrls(text: string): string {
    return this.support.reduce((replaced, service) => service.toSandboxUrls?.(replaced, this) ?? replaced, text);
  }

  /** The value of `{{resolve:<service>:<name>}}`. */
  dynamicReference(service: string, name: string, place: TemplatePath): string {
    const resolver = this.support.find(({ dynamicReferences }) => dynamicReferences?.[service] !== undefined)?.dynamicReferences?.[service];
    return resolver === undefined ? place.fail(`dynamic references to ${service} are not supported by the sandbox.`) : resolver(name, this, place);
  }

  exported(name: string, importer: Stack, place: TemplatePath): unknown {
    this.exports ??= this.collectExports();
    const found = this.exports.get(exportKey(importer, name));
    return found === undefined
      ? this.missing('exports', name, place, `no chosen stack exports "${name}" in account ${importer.account}, region ${importer.region}`)
      : found.stack.output(found.output);
  }

  stackOutput(stackName: string, outputName: string, place: TemplatePath): unknown {
    const value = this.stacks.find((stack) => stack.name === stackName)?.output(outputName);
    return value ?? place.fail(`no chosen stack "${stackName}" has an output "${outputName}".${this.leftOutHint()}`);
  }

  /** Names the stacks that were not chosen: what is missing may be in one of them. */
  leftOutHint(): string {
    const chosen = new Set(this.stacks.map((stack) => stack.source));
    const leftOut = this.assembly.stacks.filter((stack) => !chosen.has(stack));
    return leftOut.length === 0 ? '' : ` Not chosen: ${leftOut.map((stack) => stack.displayName).join(', ')}.`;
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
}

function firstOf<T>(support: readonly TemplateSupport[], value: (service: TemplateSupport) => T | undefined): T | undefined {
  for (const service of support) {
    const found = value(service);
    if (found !== undefined) {
      return found;
    }
  }
  return undefined;
}

/** `*` stands for any text. */
export function matchesType(pattern: string, type: string): boolean {
  return new RegExp(`^${pattern.split('*').map((text) => text.replace(/[^\w:]/g, '\\$&')).join('.*')}$`).test(type);
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
