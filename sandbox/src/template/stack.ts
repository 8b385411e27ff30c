import { NO_ACCOUNT, partitionOf, urlSuffixOf } from '../arn';
import { uuidOf } from '../ids';
import type { AssemblyStack } from './assembly';
import type { Deployment } from './deployment';
import { evaluateCondition, resolve } from './intrinsics';
import { NESTED_STACK, nestedSource } from './nested-stacks';
import { Resource } from './resource';
import type { Scope } from './scope';
import { TemplatePath } from './template-path';

const DEFAULT_REGION = 'us-east-1';

const DYNAMIC_REFERENCE = /\{\{resolve:([a-z-]+):([^}]*)\}\}/g;

/** A stack in the making: the scope in which its template is resolved. */
export class Stack implements Scope {
  readonly name: string;
  readonly account: string;
  readonly region: string;
  private readonly resources = new Map<string, Resource>();
  private readonly conditions = new Map<string, boolean | 'evaluating'>();

  /** The stacks that this one nests, by logical id. */
  private readonly nested = new Map<string, Stack>();

  /** @param parent of a nested stack: the resource of another template that it is */
  constructor(
    readonly deployment: Deployment,
    readonly source: AssemblyStack,
    private readonly parent?: Resource,
  ) {
    this.name = source.name;
    this.account = source.account ?? NO_ACCOUNT;
    this.region = source.region ?? DEFAULT_REGION;
    for (const [logicalId, definition] of Object.entries(source.template.Resources)) {
      const resource = new Resource(this, logicalId, definition);
      this.resources.set(logicalId, resource);
      if (resource.type === NESTED_STACK) {
        const name = `${this.name}-${logicalId}-${resource.digest(12).toUpperCase()}`;
        this.nested.set(logicalId, new Stack(deployment, nestedSource(resource, source, name), resource));
      }
    }
  }

  get isNested(): boolean {
    return this.parent !== undefined;
  }

  /** This stack and those that it nests, to any depth. */
  withNested(): Stack[] {
    return [this, ...[...this.nested.values()].flatMap((stack) => stack.withNested())];
  }

  /** A resource, whether or not its condition is met. */
  find(logicalId: string): Resource | undefined {
    return this.resources.get(logicalId);
  }

  /** The stack that a resource of this one nests. */
  nestedStack(logicalId: string): Stack {
    return this.nested.get(logicalId)!;
  }

  get stackId(): string {
    const { account, name, region } = this;
    return `arn:${partitionOf(region)}:cloudformation:${region}:${account}:stack/${name}/${uuidOf(account, region, name)}`;
  }

  /** The resources whose conditions are met. */
  activeResources(): Resource[] {
    return [...this.resources.values()].filter((resource) => this.isActive(resource));
  }

  /** Whether the condition of a resource of this stack is met, and that of the stack itself where it is nested. */
  isActive(resource: Resource): boolean {
    return this.isMet(this.source.template.Resources[resource.logicalId]?.Condition) && (this.parent?.stack.isActive(this.parent) ?? true);
  }

  /** Whether or not their conditions are met. */
  resourcesOfType(type: string): Resource[] {
    return [...this.resources.values()].filter((resource) => resource.type === type);
  }

  outputs(): Record<string, unknown> {
    const active = Object.entries(this.source.template.Outputs).filter(([, output]) => this.isMet(output.Condition));
    return Object.fromEntries(active.map(([name]) => [name, this.output(name)]));
  }

  /** An output's value; undefined when there is no such output. */
  output(name: string): unknown {
    const output = this.source.template.Outputs[name];
    return output === undefined || !this.isMet(output.Condition) ? undefined : resolve(output.Value, this, this.outputPlace(name));
  }

  /** Output names by the names they are exported under. */
  exports(): Map<string, string> {
    const active = Object.entries(this.source.template.Outputs).filter(([, output]) => this.isMet(output.Condition));
    return new Map(active.flatMap(([name, output]) => output.Export === undefined
      ? []
      : [[String(resolve(output.Export.Name, this, this.outputPlace(name).at('Export.Name'))), name] as const]));
  }

  reference(name: string, place: TemplatePath): unknown {
    if (name.startsWith('AWS::')) {
      return this.pseudoParameter(name, place);
    }
    const parameter = this.source.template.Parameters[name];
    if (parameter !== undefined) {
      return this.parameter(name, parameter, place);
    }
    return this.resource(name, place).reference();
  }

  attribute(logicalId: string, attribute: string, place: TemplatePath): unknown {
    return this.resource(logicalId, place).attribute(attribute, place);
  }

  condition(name: string, place: TemplatePath): boolean {
    const known = this.conditions.get(name);
    if (known === 'evaluating') {
      return place.fail(`the condition "${name}" depends on itself.`);
    }
    if (known !== undefined) {
      return known;
    }
    const expression = this.source.template.Conditions[name] ?? place.fail(`there is no condition "${name}" in the template.`);
    this.conditions.set(name, 'evaluating');
    const isMet = evaluateCondition(expression, this, new TemplatePath(`Stack ${this.name}, condition ${name}`));
    this.conditions.set(name, isMet);
    return isMet;
  }

  mapping(map: string, topKey: string, secondKey: string): unknown {
    return this.source.template.Mappings[map]?.[topKey]?.[secondKey];
  }

  imported(exportName: string, place: TemplatePath): unknown {
    return this.deployment.exported(exportName, this, place);
  }

  stackOutput(stackName: string, outputName: string, place: TemplatePath): unknown {
    return this.deployment.stackOutput(stackName, outputName, place);
  }

  resolveText(text: string, place: TemplatePath): string {
    const resolved = text.replace(DYNAMIC_REFERENCE, (_, service: string, name: string) => this.deployment.dynamicReference(service, name, place));
    return this.deployment.toSandboxUrls(resolved);
  }

  private isMet(condition: string | undefined): boolean {
    return condition === undefined || this.condition(condition, new TemplatePath(`Stack ${this.name}`));
  }

  private resource(logicalId: string, place: TemplatePath): Resource {
    const resource = this.resources.get(logicalId) ?? place.fail(`there is no resource or parameter "${logicalId}" in the template.`);
    const condition = this.source.template.Resources[logicalId]?.Condition;
    return this.isMet(condition) ? resource : place.fail(`"${logicalId}" is not deployed, as its condition "${condition}" is false.`);
  }

  private parameter(name: string, parameter: { Type?: string; Default?: unknown }, place: TemplatePath): unknown {
    const type = parameter.Type ?? 'String';
    const value = this.parameterValue(name, parameter, place);
    if (type.startsWith('AWS::SSM::Parameter::Value')) {
      const stored = this.deployment.dynamicReference('ssm', String(value), place);
      return type.includes('<List<') ? listOf(stored) : stored;
    }
    return type === 'CommaDelimitedList' || type.startsWith('List<') ? listOf(String(value)) : value;
  }

  /** What the parent of a nested stack gives, else the person who deploys, else the default. */
  private parameterValue(name: string, parameter: { Type?: string; Default?: unknown }, place: TemplatePath): unknown {
    const fromParent = this.parent?.get('Parameters').get(name);
    if (fromParent?.exists === true) {
      return fromParent.string();
    }
    const given = this.deployment.given('parameters');
    return given[`${this.name}:${name}`] ?? given[name] ?? parameter.Default
      ?? this.deployment.missing('parameters', name, place, `the parameter "${name}" has no default`, parameter.Type);
  }

  private pseudoParameter(name: string, place: TemplatePath): unknown {
    switch (name) {
      case 'AWS::AccountId': return this.account;
      case 'AWS::Region': return this.region;
      case 'AWS::Partition': return partitionOf(this.region);
      case 'AWS::URLSuffix': return urlSuffixOf(this.region);
      case 'AWS::StackName': return this.name;
      case 'AWS::StackId': return this.stackId;
      case 'AWS::NotificationARNs': return [];
      case 'AWS::NoValue': return undefined;
      default: return place.fail(`there is no pseudo parameter ${name}.`);
    }
  }

  private outputPlace(name: string): TemplatePath {
    return new TemplatePath(`Stack ${this.name}, output ${name}`);
  }
}

function listOf(text: string): string[] {
  return text.split(',').map((entry) => entry.trim());
}
