/*
 * What a cloud assembly means, with every reference resolved: made by `template/`, run by everything else.
 * Names, ARNs and URLs are final. Plain data only.
 */

import type { MadeUpValue } from './template/given-values';

/** The lists of the model, by name. A service adds its own in its `model.ts`. */
export interface ModelLists {
  stacks: StackModel;
  functions: FunctionModel;
  roles: RoleModel;
  /** Resources that the sandbox does not support and that do nothing, or not all they ask for (`--stub`, `--unsupported stub`). */
  stubs: StubModel;
  /** What resources ask for and the sandbox does not check, so that it lets more through than AWS. */
  unchecked: StubModel;
  /** Values that were not given, and only inert resources need. */
  madeUp: MadeUpValue;
  /** Resources that have no part in what the sandbox plays, such as networks. */
  inert: InertModel;
}

export type SandboxModel = { readonly [List in keyof ModelLists]: readonly ModelLists[List][] };

/** The model while it is being put together. */
export type MutableModel = { readonly [List in keyof ModelLists]: ModelLists[List][] };

export interface InertModel {
  readonly stack: string;
  readonly logicalId: string;
  readonly type: string;
}

export interface StubModel extends InertModel {
  /** What the sandbox does not do. */
  readonly reason: string;
}

/** Where a resource came from, and the integration's metadata on it (`Metadata["cdk-marketplace-saas"]`, resolved). */
export interface Origin {
  readonly stack: string;
  readonly logicalId: string;
  readonly metadata?: Readonly<Record<string, unknown>>;
}

export interface StackModel {
  /** An ARN. */
  readonly id: string;
  readonly name: string;
  readonly account: string;
  readonly region: string;
  /** Output logical id -> value. */
  readonly outputs: Readonly<Record<string, unknown>>;
}

export interface FunctionModel extends Origin {
  readonly name: string;
  readonly arn: string;
  readonly region: string;
  readonly account: string;
  /** Folder with the code; else it is in `inlineCode` (ZipFile) or `codeArchive`. */
  readonly codeDirectory?: string;
  readonly inlineCode?: string;
  /** Zip file with the code, when the asset is one. */
  readonly codeArchive?: string;
  readonly handler: string;
  readonly runtime: string;
  /** Starts a process that speaks the runtime API, instead of what the runtime says. */
  readonly command?: string;
  readonly timeoutSeconds: number;
  readonly memoryMegabytes: number;
  readonly environment: Readonly<Record<string, string>>;
  readonly roleArn: string;
  /** Their code, in order. */
  readonly layers?: readonly LayerModel[];
  readonly reservedConcurrency?: number;
  readonly deadLetterArn?: string;
}

/** A folder or a zip file. */
export type LayerModel = Pick<FunctionModel, 'codeDirectory' | 'codeArchive'>;

export interface PolicyStatement {
  readonly Sid?: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Action?: string | readonly string[];
  readonly NotAction?: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly NotResource?: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
  readonly Principal?: unknown;
}

export interface PolicyDocument {
  readonly Version?: string;
  readonly Statement: readonly PolicyStatement[];
}

export interface RoleModel extends Origin {
  readonly name: string;
  readonly arn: string;
  /** Inline and attached customer policies. */
  readonly policies: readonly PolicyDocument[];
  readonly managedPolicyArns: readonly string[];
  readonly trust: PolicyDocument;
}
