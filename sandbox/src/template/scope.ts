import type { Place } from './template-path';

/** What a template's intrinsic functions may ask of the stack they stand in. Each fails, naming the place, when there is no answer. */
export interface Scope {
  readonly region: string;
  /** `Ref`. Undefined for `AWS::NoValue`. */
  reference(name: string, place: Place): unknown;
  /** `Fn::GetAtt` */
  attribute(logicalId: string, attribute: string, place: Place): unknown;
  condition(name: string, place: Place): boolean;
  /** Undefined when the mapping has no such key. */
  mapping(map: string, topKey: string, secondKey: string): unknown;
  /** `Fn::ImportValue` */
  imported(exportName: string, place: Place): unknown;
  /** `Fn::GetStackOutput` */
  stackOutput(stackName: string, outputName: string, place: Place): unknown;
  /** Last touch on every text: dynamic references, and URLs that lead to AWS. */
  finish(text: string, place: Place): string;
}
