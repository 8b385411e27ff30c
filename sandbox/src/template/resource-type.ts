import type { MutableModel, SandboxModel } from '../model';
import type { Deployment } from './deployment';
import type { Resource } from './resource';
import type { TemplatePath } from './template-path';

/** What the sandbox knows of a resource type. */
export interface ResourceType {
  /** The type does nothing in the sandbox and stands for a whole family: the start lists its resources, one line a type. */
  readonly inert?: boolean;
  /** Values of `Fn::GetAtt`. */
  readonly attributes?: Readonly<Record<string, (resource: Resource) => unknown>>;
  /** Value of `Ref`; default: a generated name. */
  reference?(resource: Resource): string;
  /** For types whose attributes have no fixed names. */
  anyAttribute?(resource: Resource, name: string): unknown;
  /** Puts the resource into the model; absent when it does nothing in the sandbox. */
  build?(resource: Resource, model: MutableModel): void;
}

export type ResourceTypes = Readonly<Record<string, ResourceType>>;

/** What a service adds to the reading of templates. */
export interface TemplateSupport {
  /** Its resource types, by CloudFormation's name. */
  readonly resources?: ResourceTypes;
  /** The lists of the model that its resources fill. */
  readonly lists?: readonly (keyof SandboxModel)[];
  /** Values of `{{resolve:<service>:<name>}}`, by service. */
  readonly dynamicReferences?: Readonly<Record<string, (name: string, deployment: Deployment, path: TemplatePath) => string>>;
  /** What stands for a type that no service lists; undefined: the service does not know it either. */
  typeOf?(name: string): ResourceType | undefined;
  /** Why such a type is not supported, in a few words. */
  refusalOf?(name: string): string | undefined;
  /** Replaces URLs that lead to AWS with those of the sandbox. */
  toSandboxUrls?(text: string, deployment: Deployment): string;
  /**
   * Looks at the finished model, and fills what needs all resources.
   *
   * @throws AssemblyError when AWS, or the sandbox, would refuse the resources together
   */
  check?(model: MutableModel, deployment: Deployment): void;
}
