import { arnIn } from '../arn';
import { digest } from '../ids';
import { METADATA_KEY } from './metadata-key';
import type { Origin, StubModel } from '../model';
import { resolve } from './intrinsics';
import type { ResourceType } from './resource-type';
import type { Stack } from './stack';
import type { Template } from './template-file';
import { TemplatePath } from './template-path';
import { Value } from './value';

type Definition = Template['Resources'][string];

/** A resource of a template. Properties are resolved when they are first asked for, so that resources may refer to each other. */
export class Resource {
  readonly type: string;
  readonly known: ResourceType;
  readonly place: TemplatePath;
  private readonly resolved = new Map<string, unknown>();
  private readonly resolving = new Set<string>();

  constructor(
    readonly stack: Stack,
    readonly logicalId: string,
    private readonly definition: Definition,
  ) {
    this.type = definition.Type;
    this.known = stack.deployment.typeOf(definition.Type);
    this.place = new TemplatePath(`Stack ${stack.name}, resource ${logicalId} (${definition.Type})`, '', this.known.inert === true);
  }

  /** A property, resolved. */
  get(name: string): Value {
    const place = this.place.at(name);
    if (!this.resolved.has(name)) {
      if (this.resolving.has(name)) {
        place.fail('the property depends on itself.');
      }
      this.resolving.add(name);
      this.resolved.set(name, resolve(this.definition.Properties[name], this.stack, place));
      this.resolving.delete(name);
    }
    return new Value(this.resolved.get(name), place);
  }

  /** A property as it stands in the template, with its intrinsic functions. */
  raw(name: string): unknown {
    return this.definition.Properties[name];
  }

  metadata(name: string): unknown {
    return this.definition.Metadata?.[name];
  }

  /** Logical ids of the resources that CloudFormation makes before this one. */
  dependencies(): string[] {
    const named = [this.definition.DependsOn ?? []].flat();
    const text = JSON.stringify(this.definition.Properties);
    const referred = [...text.matchAll(/"(?:Ref|Fn::GetAtt)":\[?"([^".]+)/g)].map(([, id]) => id!);
    return [...new Set([...named, ...referred])];
  }

  propertyNames(): string[] {
    return Object.keys(this.definition.Properties);
  }

  /** Value of `Ref`. */
  reference(): unknown {
    return this.known.reference?.(this) ?? this.generatedName();
  }

  /** Value of `Fn::GetAtt`. */
  attribute(name: string, place: TemplatePath): unknown {
    const attribute = this.known.attributes?.[name];
    if (attribute !== undefined) {
      return attribute(this);
    }
    const value = this.known.anyAttribute?.(this, name);
    if (value !== undefined) {
      return value;
    }
    const known = Object.keys(this.known.attributes ?? {});
    return place.fail(`${this.type} has no attribute "${name}" the sandbox knows (${this.logicalId} has: ${known.join(', ') || 'none'}).`);
  }

  /** The name a resource has that is given none: always the same for the same stack and logical id. */
  generatedName(limit = 64): string {
    const suffix = `-${this.digest(8)}`;
    return `${this.stack.name}-${this.logicalId}`.slice(0, limit - suffix.length) + suffix;
  }

  digest(length: number): string {
    return digest(length, this.stack.account, this.stack.region, this.stack.name, this.logicalId);
  }

  /** An ARN in this resource's account and region. */
  arn(service: string, rest: string): string {
    return arnIn(this.stack, service, rest);
  }

  origin(): Origin {
    const metadata = this.definition.Metadata?.[METADATA_KEY];
    const place = this.place.at(`Metadata.${METADATA_KEY}`);
    return {
      stack: this.stack.name,
      logicalId: this.logicalId,
      ...(metadata === undefined ? {} : { metadata: new Value(resolve(metadata, this.stack, place), place).record() }),
    };
  }

  /** This resource, with what the sandbox does not do or check of it. */
  withReason(reason: string): StubModel {
    return { stack: this.stack.name, logicalId: this.logicalId, type: this.type, reason };
  }

  /**
   * Records that the sandbox does not do what this resource asks for: an error, or a stub if stubs are allowed.
   *
   * @param arn where it is another resource that the sandbox only has in name: its ARN
   */
  unsupported(reason: string, arn?: string): void {
    const { deployment } = this.stack;
    const cause = arn === undefined ? undefined : deployment.standInFor(arn);
    const about = cause === undefined ? reason : `${reason} (${cause.type} ${cause.logicalId})`;
    deployment.unsupported.push({ resource: this, reason: about, ...(cause !== undefined && { cause }) });
  }
}
