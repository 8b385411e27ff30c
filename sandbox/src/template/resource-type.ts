import type { SandboxModel } from '../model';
import type { Resource } from './resource';

type Mutable<T> = T extends readonly (infer Entry)[] ? Entry[] : never;

/** The model while it is being put together. */
export type Draft = { readonly [Part in keyof SandboxModel]: Mutable<SandboxModel[Part]> };

/** What the sandbox knows of a resource type. */
export interface ResourceHandler {
  /** Values of `Fn::GetAtt`. */
  readonly attributes?: Readonly<Record<string, (resource: Resource) => unknown>>;
  /** Value of `Ref`; default: a generated name. */
  reference?(resource: Resource): string;
  /** For types whose attributes have no fixed names. */
  anyAttribute?(resource: Resource, name: string): unknown;
  /** Puts the resource into the model; absent when it does nothing in the sandbox. */
  build?(resource: Resource, draft: Draft): void;
}

export type Handlers = Readonly<Record<string, ResourceHandler>>;
