/*
 * What a cloud assembly means, with every reference resolved: made by `template/`, run by everything else.
 * Names, ARNs and URLs are final. Plain data only.
 */

export interface SandboxModel {
  readonly stacks: readonly StackModel[];
  readonly functions: readonly FunctionModel[];
  readonly roles: readonly RoleModel[];
  readonly queues: readonly QueueModel[];
  readonly topics: readonly TopicModel[];
  readonly buckets: readonly BucketModel[];
  readonly tables: readonly TableModel[];
  readonly buses: readonly BusModel[];
  readonly rules: readonly RuleModel[];
  readonly eventSourceMappings: readonly EventSourceMappingModel[];
  readonly eventInvokeConfigs: readonly EventInvokeConfigModel[];
  readonly apis: readonly RestApiModel[];
  readonly parameters: readonly ParameterModel[];
  readonly secrets: readonly SecretModel[];
  /** Resources that were accepted as stubs (`--unsupported stub`). */
  readonly stubs: readonly { readonly stack: string; readonly logicalId: string; readonly type: string }[];
}

/** Where a resource came from, and the integration's metadata on it (`Metadata["cdk-marketplace-saas"]`, resolved). */
export interface Origin {
  readonly stack: string;
  readonly logicalId: string;
  readonly metadata?: Readonly<Record<string, unknown>>;
}

export interface StackModel {
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
  /** Folder with the unpacked code. Inline code (ZipFile) is given in `inlineCode` instead. */
  readonly codeDirectory?: string;
  readonly inlineCode?: string;
  /** Zip file with the code, when the asset is one: `unpackArchives` of `template/` makes a `codeDirectory` of it. */
  readonly codeArchive?: string;
  readonly handler: string;
  readonly runtime: string;
  readonly timeoutSeconds: number;
  readonly memoryMegabytes: number;
  readonly environment: Readonly<Record<string, string>>;
  readonly roleArn: string;
  readonly reservedConcurrency?: number;
  readonly deadLetterArn?: string;
}

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

export interface QueueModel extends Origin {
  readonly name: string;
  readonly arn: string;
  readonly url: string;
  readonly fifo: boolean;
  readonly visibilityTimeoutSeconds: number;
  readonly delaySeconds: number;
  readonly retentionSeconds: number;
  /** FIFO queues: a message without a deduplication id has one made of its body. */
  readonly contentBasedDeduplication?: boolean;
  readonly redrive?: { readonly deadLetterTargetArn: string; readonly maxReceiveCount: number };
}

export interface TopicModel extends Origin {
  readonly name: string;
  readonly arn: string;
  readonly subscriptions: readonly SubscriptionModel[];
}

export interface SubscriptionModel {
  readonly protocol: string;
  readonly endpoint: string;
  readonly rawMessageDelivery: boolean;
  readonly filterPolicy?: Readonly<Record<string, unknown>>;
  readonly filterPolicyScope?: 'MessageAttributes' | 'MessageBody';
  /** For what the endpoint does not take. */
  readonly deadLetterArn?: string;
}

export interface BucketModel extends Origin {
  readonly name: string;
  readonly arn: string;
}

export interface TableModel extends Origin {
  readonly name: string;
  readonly arn: string;
  /** Input of CreateTable, on demand. */
  readonly definition: {
    readonly KeySchema: readonly { readonly AttributeName: string; readonly KeyType: 'HASH' | 'RANGE' }[];
    readonly AttributeDefinitions: readonly { readonly AttributeName: string; readonly AttributeType: 'S' | 'N' | 'B' }[];
    readonly GlobalSecondaryIndexes?: readonly {
      readonly IndexName: string;
      readonly KeySchema: readonly { readonly AttributeName: string; readonly KeyType: 'HASH' | 'RANGE' }[];
      readonly Projection: { readonly ProjectionType?: string; readonly NonKeyAttributes?: readonly string[] };
    }[];
    readonly LocalSecondaryIndexes?: readonly unknown[];
  };
  readonly ttlAttribute?: string;
}

export interface BusModel extends Origin {
  readonly name: string;
  readonly arn: string;
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
  readonly targets: readonly RuleTarget[];
}

export interface EventSourceMappingModel extends Origin {
  readonly functionArn: string;
  readonly eventSourceArn: string;
  readonly enabled: boolean;
  readonly batchSize: number;
  readonly maximumBatchingWindowSeconds: number;
  readonly reportBatchItemFailures: boolean;
  readonly maximumConcurrency?: number;
}

export interface EventInvokeConfigModel extends Origin {
  readonly functionArn: string;
  /** Default 2. */
  readonly maximumRetryAttempts: number;
  /** Default 21,600. */
  readonly maximumEventAgeSeconds: number;
  readonly onFailureArn?: string;
  readonly onSuccessArn?: string;
}

export interface RestApiModel extends Origin {
  /** Physical id: part of the URL `<endpoint>/_apis/<id>/<stage>/…`. */
  readonly id: string;
  readonly name: string;
  readonly stages: readonly string[];
  readonly routes: readonly RouteModel[];
  readonly binaryMediaTypes: readonly string[];
  /** What errors of API Gateway itself look like, where it is not the usual. */
  readonly errorResponses: readonly ErrorResponseModel[];
}

export interface RouteModel {
  readonly method: string;
  /** Path as API Gateway writes it: `/`, `/register`, `/{proxy+}`. */
  readonly path: string;
  /** Either a function or a fixed response. */
  readonly functionArn?: string;
  readonly mock?: MockModel;
}

/** The response of a mock integration. */
export interface MockModel {
  /** Absent: the integration gives none, which is an error. */
  readonly status?: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Origins that are named in `Access-Control-Allow-Origin` when they ask. */
  readonly origins: readonly string[];
}

export interface ErrorResponseModel {
  /** `MISSING_AUTHENTICATION_TOKEN`, `DEFAULT_5XX`, … */
  readonly type: string;
  readonly status?: number;
  /** Values are texts in single quotes, or what of the request goes there. */
  readonly headers: Readonly<Record<string, string>>;
  /** Media type -> body, with variables (`$context.requestId`). */
  readonly templates: Readonly<Record<string, string>>;
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
