import { NO_ACCOUNT } from '../arn';
import type { AssemblyStack } from './assembly';
import { evaluateCondition } from './conditions';
import type { Deployment } from './deployment';
import { resolve } from './intrinsics';
import { partitionOf, urlSuffixOf, uuidOf } from './names';
import { Resource } from './resource';
import type { Scope } from './scope';
import { Place } from './template-path';

const DEFAULT_REGION = 'us-east-1';

const DYNAMIC_REFERENCE = /\{\{resolve:([a-z-]+):([^}]*)\}\}/g;

/** A stack in the making: the scope in which its template is resolved. */
export class Stack implements Scope {
  readonly name: string;
  readonly account: string;
  readonly region: string;
  private readonly resources = new Map<string, Resource>();
  private readonly conditions = new Map<string, boolean | 'evaluating'>();

  constructor(
    readonly deployment: Deployment,
    readonly source: AssemblyStack,
  ) {
    this.name = source.name;
    this.account = source.account ?? NO_ACCOUNT;
    this.region = source.region ?? DEFAULT_REGION;
    for (const [logicalId, definition] of Object.entries(source.template.Resources)) {
      this.resources.set(logicalId, new Resource(this, logicalId, definition));
    }
  }

  /** The resources whose conditions hold. */
  activeResources(): Resource[] {
    return [...this.resources.values()].filter((resource) => this.holds(this.source.template.Resources[resource.logicalId]?.Condition));
  }

  /** Whether or not their conditions hold. */
  resourcesOfType(type: string): Resource[] {
    return [...this.resources.values()].filter((resource) => resource.type === type);
  }

  outputs(): Record<string, unknown> {
    const active = Object.entries(this.source.template.Outputs).filter(([, output]) => this.holds(output.Condition));
    return Object.fromEntries(active.map(([name]) => [name, this.output(name)]));
  }

  /** An output's value; undefined when there is no such output. */
  output(name: string): unknown {
    const output = this.source.template.Outputs[name];
    return output === undefined || !this.holds(output.Condition) ? undefined : resolve(output.Value, this, this.outputPlace(name));
  }

  /** Output names by the names they are exported under. */
  exports(): Map<string, string> {
    const active = Object.entries(this.source.template.Outputs).filter(([, output]) => this.holds(output.Condition));
    return new Map(active.flatMap(([name, output]) => output.Export === undefined
      ? []
      : [[String(resolve(output.Export.Name, this, this.outputPlace(name).at('Export.Name'))), name] as const]));
  }

  reference(name: string, place: Place): unknown {
    if (name.startsWith('AWS::')) {
      return this.pseudoParameter(name, place);
    }
    const parameter = this.source.template.Parameters[name];
    if (parameter !== undefined) {
      return this.parameter(name, parameter, place);
    }
    return this.resource(name, place).reference();
  }

  attribute(logicalId: string, attribute: string, place: Place): unknown {
    return this.resource(logicalId, place).attribute(attribute, place);
  }

  condition(name: string, place: Place): boolean {
    const known = this.conditions.get(name);
    if (known === 'evaluating') {
      return place.fail(`the condition "${name}" depends on itself.`);
    }
    if (known !== undefined) {
      return known;
    }
    const expression = this.source.template.Conditions[name] ?? place.fail(`there is no condition "${name}" in the template.`);
    this.conditions.set(name, 'evaluating');
    const holds = evaluateCondition(expression, this, new Place(`Stack ${this.name}, condition ${name}`));
    this.conditions.set(name, holds);
    return holds;
  }

  mapping(map: string, topKey: string, secondKey: string): unknown {
    return this.source.template.Mappings[map]?.[topKey]?.[secondKey];
  }

  imported(exportName: string, place: Place): unknown {
    return this.deployment.exported(exportName, this, place);
  }

  stackOutput(stackName: string, outputName: string, place: Place): unknown {
    return this.deployment.stackOutput(stackName, outputName, place);
  }

  finish(text: string, place: Place): string {
    const resolved = text.replace(DYNAMIC_REFERENCE, (_, service: string, name: string) => service === 'ssm'
      ? String(this.deployment.storedParameter(name.replace(/:\d+$/, ''), false, place))
      : place.fail(`dynamic references to ${service} are not supported by the sandbox.`));
    return this.deployment.reachable(resolved);
  }

  private holds(condition: string | undefined): boolean {
    return condition === undefined || this.condition(condition, new Place(`Stack ${this.name}`));
  }

  private resource(logicalId: string, place: Place): Resource {
    const resource = this.resources.get(logicalId) ?? place.fail(`there is no resource or parameter "${logicalId}" in the template.`);
    const condition = this.source.template.Resources[logicalId]?.Condition;
    return this.holds(condition) ? resource : place.fail(`"${logicalId}" is not deployed, as its condition "${condition}" is false.`);
  }

  private parameter(name: string, parameter: { Type?: string; Default?: unknown }, place: Place): unknown {
    if (parameter.Default === undefined) {
      return place.fail(`the parameter "${name}" has no default, and the sandbox cannot be given values for parameters.`);
    }
    if (parameter.Type?.startsWith('AWS::SSM::Parameter::Value') === true) {
      return this.deployment.storedParameter(String(parameter.Default), parameter.Type.includes('<List<'), place);
    }
    if (parameter.Type === 'CommaDelimitedList' || parameter.Type?.startsWith('List<') === true) {
      return String(parameter.Default).split(',').map((entry) => entry.trim());
    }
    return parameter.Default;
  }

  private pseudoParameter(name: string, place: Place): unknown {
    switch (name) {
      case 'AWS::AccountId': return this.account;
      case 'AWS::Region': return this.region;
      case 'AWS::Partition': return partitionOf(this.region);
      case 'AWS::URLSuffix': return urlSuffixOf(this.region);
      case 'AWS::StackName': return this.name;
      case 'AWS::StackId':
        return `arn:${partitionOf(this.region)}:cloudformation:${this.region}:${this.account}:stack/${this.name}/${uuidOf(this.account, this.region, this.name)}`;
      case 'AWS::NotificationARNs': return [];
      case 'AWS::NoValue': return undefined;
      default: return place.fail(`there is no pseudo parameter ${name}.`);
    }
  }

  private outputPlace(name: string): Place {
    return new Place(`Stack ${this.name}, output ${name}`);
  }
}
