import type { Origin } from '../../model';

declare module '../../model' {
  interface ModelLists {
    parameters: ParameterModel;
    secrets: SecretModel;
  }
}

/** A parameter of SSM's Parameter Store. */
export interface ParameterModel extends Origin {
  readonly name: string;
  readonly arn: string;
  /** `String` or `StringList`. */
  readonly type: string;
  readonly value: string;
}

export interface SecretModel extends Origin {
  readonly name: string;
  readonly arn: string;
  /** Absent: the template gives none. */
  readonly value?: string;
}
