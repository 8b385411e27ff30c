import type { LoggedCall } from 'cdk-marketplace-saas-sandbox';
import type { Outcome } from './outcome';
import type { Product } from './product';

/** When most stories begin: minutes before the end of an hour. */
export const START = '2026-11-23T05:55:00Z';

/** A short piece of a product's life in which a function may die at any of its AWS calls. */
export interface Story {
  readonly name: string;
  /** Virtual time at which it begins, and at which its own times are at home; ISO 8601. */
  readonly start: string;
  /** Comes before, undisturbed. */
  readonly before: (product: Product) => Promise<void>;
  /** In this part a function dies. What AWS delivers again, AWS delivers again; a buyer whose request dies tries again. */
  readonly act: (product: Product) => Promise<void>;
  /** Time in which everything finds its way again, undisturbed. */
  readonly after: (product: Product) => Promise<void>;
  /** What a crash may lead to instead, as nobody can know better. */
  readonly orElse?: (outcome: Outcome) => boolean;
  /** Parts whose functions must be at work in `act`: else the story is not what it says. */
  readonly involves: readonly FunctionPart[];
  /** Operations of AWS that must be called in `act`, for the same reason. @default none */
  readonly calls?: readonly string[];
  /**
   * `writes`: functions die after each call that changes something, and before the first one of each. In between nothing changes, so that there
   * the state of everything is that of one of these points.
   * @default calls: before and after each call
   */
  readonly explores?: 'calls' | 'writes';
}

export const FUNCTION_PARTS = ['Registration', 'Agreements', 'UsageIntake', 'Metering', 'Reconciliation'] as const;
export type FunctionPart = (typeof FUNCTION_PARTS)[number];

export function partOf({ logicalId }: Pick<LoggedCall, 'logicalId'>): FunctionPart {
  const part = FUNCTION_PARTS.find((name) => logicalId.startsWith(`Marketplace${name}`));
  if (!part) throw new Error(`${logicalId} is none of the integration's functions`);
  return part;
}

export type Moment = 'before' | 'after';

/** A place where a function can die. */
export interface CrashPoint {
  readonly call: LoggedCall;
  readonly moment: Moment;
}

const READS: ReadonlySet<string> = new Set([
  'GetItem', 'Query', 'BatchGetItem', 'AssumeRole', 'GetParameter', 'GetSecretValue',
  'GetEntitlements', 'SearchAgreements', 'DescribeAgreement', 'GetAgreementTerms', 'ResolveCustomer',
]);

/** Where functions die in a story with these calls. */
export function crashPoints(calls: readonly LoggedCall[], explores: Story['explores'] = 'calls'): CrashPoint[] {
  const explored = explores === 'calls' ? calls : calls.filter(({ operation }) => !READS.has(operation));
  return explored.flatMap((call, index) => {
    const isFirst = explored.findIndex(({ logicalId }) => logicalId === call.logicalId) === index;
    return (['before', 'after'] as const).filter((moment) => explores === 'calls' || moment === 'after' || isFirst).map((moment) => ({ call, moment }));
  });
}

export function describePoint({ call, moment }: CrashPoint): string {
  return `${partOf(call)} dies ${moment} its ${call.operation} no. ${call.skip + 1}`;
}
