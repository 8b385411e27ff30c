import type { Origin } from '../../model';

declare module '../../model' {
  interface ModelLists {
    buses: BusModel;
    rules: RuleModel;
    apiDestinations: ApiDestinationModel;
  }
}

export interface BusModel extends Origin {
  readonly name: string;
  readonly arn: string;
}

export interface ApiDestinationModel extends Origin {
  readonly arn: string;
  readonly method: string;
  readonly url: string;
}

export interface RuleTarget {
  readonly id: string;
  readonly arn: string;
  readonly input?: string;
  readonly inputPath?: string;
  readonly inputTransformer?: { readonly pathsMap: Readonly<Record<string, string>>; readonly template: string };
  readonly roleArn?: string;
  readonly deadLetterArn?: string;
  /** For FIFO queues. */
  readonly messageGroupId?: string;
  /** Default 185, as in EventBridge. */
  readonly maximumRetryAttempts: number;
  /** Default 86,400. */
  readonly maximumEventAgeSeconds: number;
}

export interface RuleModel extends Origin {
  readonly name: string;
  readonly arn: string;
  readonly busName: string;
  readonly region: string;
  readonly account: string;
  readonly enabled: boolean;
  readonly pattern?: Readonly<Record<string, unknown>>;
  /** `rate(...)` or `cron(...)`; also made of AWS::Scheduler::Schedule. */
  readonly schedule?: string;
  /** IANA name of the schedule's time zone; default UTC. */
  readonly timezone?: string;
  readonly targets: readonly RuleTarget[];
}
