import { IdleLimits } from '../clock/work-loop';
import type { ProductOptions } from '../marketplace/app/given-products';
import type { GivenValues } from '../template/given-values';

/** How a sandbox is to be started. */
export interface SandboxOptions {
  /** Folder of a cloud assembly (`cdk.out`). */
  readonly app: string;
  /** Stacks to deploy; default all. */
  readonly stacks?: readonly string[];
  /** 0: any free port. */
  readonly port: number;
  /** Virtual epoch milliseconds at the start. */
  readonly time: number;
  /** Virtual time that passes per real time; 0: it stands still unless moved. */
  readonly realTimeFactor: number;
  readonly unsupported: 'error' | 'stub';
  /** Types that may be stubs, such as `AWS::Kinesis::*`. */
  readonly stubs?: readonly string[];
  /** Values that only the person who deploys knows. */
  readonly given?: GivenValues;
  /** Products whose app does not use the construct. */
  readonly products?: readonly ProductOptions[];
  /** Addresses of emulators of other services, by the signing name of the service. */
  readonly forward?: Readonly<Record<string, string>>;
  /** `dynoxide` or `dynalite`, or the address of a DynamoDB engine that runs already; default: an embedded one that is installed. */
  readonly dynamodb?: string;
  readonly idle: IdleLimits;
}
