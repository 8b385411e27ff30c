import type { TemplatePath } from './template-path';

/** What a template's intrinsic functions may ask of the stack they stand in. Each fails, naming the place, when there is no answer. */
export interface Scope {
  readonly region: string;
  /** `Ref`. Undefined for `AWS::NoValue`. */
  reference(name: string, place: TemplatePath): unknown;
  /** `Fn::GetAtt` */
  attribute(logicalId: string, attribute: string, place: TemplatePath): unknown;
  condition(name: string, place: TemplatePath): boolean;
  /** Undefined when the mapping has no such key. */
  mapping(map: string, topKey: string, secondKey: string): unknown;
  /** `Fn::ImportValue` */
  imported(exportName: string, place: TemplatePath): unknown;
  /** `Fn::GetStackOutput` */
  stackOutput(stackName: string, outputName: string, place: TemplatePath): unknown;
  /** Last touch on every text: dynamic references, and URLs that lead to AWS. */
  resolveText(text: string, place: TemplatePath): string;
}
