/** A buyer accepts an offer: everything has a default. */
export interface PurchaseRequest {
  /** Needed when the app sells several products. */
  readonly productCode?: string;
  /** 12 digits; default: a new buyer. */
  readonly customerAwsAccountId?: string;
  readonly freeTrial?: boolean;
  /** Metered dimensions of the offer; default: all of the product. */
  readonly dimensions?: readonly string[];
  /** Bought quantities by entitled dimension, of a contract; default: one of each. */
  readonly quantities?: Readonly<Record<string, number | boolean | string>>;
  /** ISO 8601; default: now. */
  readonly startTime?: string;
  /** ISO 8601; default: none for a subscription, a year for a contract. */
  readonly endTime?: string;
  readonly autoRenewal?: boolean;
  /** 12 digits: a partner sells in the seller's name. */
  readonly channelPartnerAccountId?: string;
}

/** An event of EventBridge: the rest of the envelope is filled in. */
export interface EventRequest {
  readonly 'detail-type': string;
  readonly 'source': string;
  readonly 'detail': Readonly<Record<string, unknown>>;
  readonly 'id'?: string;
  /** Default: the seller's account. */
  readonly 'account'?: string;
  /** Default: us-east-1. */
  readonly 'region'?: string;
  /** ISO 8601; default: now. */
  readonly 'time'?: string;
  readonly 'resources'?: readonly string[];
}

/** APIs for which faults can be added; the sandbox refuses others by name. */
export type FaultService = 'metering' | 'entitlement' | 'agreement'
  | 'dynamodb' | 'sqs' | 'sns' | 'events' | 'lambda' | 's3' | 'ses' | 'sts' | 'ssm' | 'secretsmanager'
  | (string & Record<never, never>);

export interface FaultErrorRequest {
  readonly code: string;
  readonly message?: string;
  /** HTTP status from 400 to 599. */
  readonly status?: number;
  /** The call is performed, and fails all the same. */
  readonly after?: boolean;
  /** With code `Unprocessed`: how many records come back. */
  readonly count?: number;
}

/** What breaks: exactly one of `error`, `crash`, `drop`, `duplicate` and `delay`. */
export interface FaultRequest {
  readonly service: FaultService;
  readonly operation?: string;
  /** Name, ARN or the start of a logical id. */
  readonly function?: string;
  /** How many matching calls it strikes; default 1. */
  readonly times?: number;
  /** How many matching calls it lets through first; default 0. */
  readonly skip?: number;
  readonly error?: string | FaultErrorRequest;
  readonly crash?: 'before' | 'after';
  readonly drop?: boolean;
  readonly duplicate?: boolean;
  /** ISO 8601 duration, or seconds. */
  readonly delay?: string | number;
}

/** A fault that was added, with how often it struck. */
export interface ArmedFaultView extends FaultRequest {
  readonly id: number;
  readonly hits: number;
  readonly remaining: number;
}

/** A token for JWT authorizers. */
export interface TokenRequest {
  readonly issuer: string;
  readonly audience?: string | readonly string[];
  /** Default `user-1`. */
  readonly subject?: string;
  /** Scopes, with spaces between them. */
  readonly scope?: string;
  /** Default 3,600. */
  readonly expiresInSeconds?: number;
  /** More claims, or others. */
  readonly claims?: Readonly<Record<string, unknown>>;
}
