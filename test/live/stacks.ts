/** What every name begins with, so that a person can see and remove what is left. */
export const PREFIX = 'mp-live-check-';

/** The stacks of a run, in order of deployment. They are removed in the opposite order. */
export const STACKS = {
  /** examples/typescript, as it is. */
  EXAMPLE: `${PREFIX}example`,
  /** The same stack class, with the same construct ids, under another stack name. */
  SECOND: `${PREFIX}second`,
  /** The same again, with a resource that fails when all others are created. */
  FAILING: `${PREFIX}failing`,
  /** An integration over the restored tables. */
  OVER_TABLES: `${PREFIX}over-tables`,
  /** In the far region: the bus at the end of the hops, and a queue. */
  ARRIVAL: `${PREFIX}arrival`,
  /** Two buses and the rules that forward. */
  HOPS: `${PREFIX}hops`,
} as const;

export type StackName = typeof STACKS[keyof typeof STACKS];

/** Tables that point-in-time recovery makes of the integration's tables, by part of the original's logical id. */
export const RESTORED_TABLES = {
  SubscriptionsTable: `${PREFIX}restored-subscriptions`,
  RegistrationsTable: `${PREFIX}restored-registrations`,
  UsageTable: `${PREFIX}restored-usage`,
} as const;

/** Stack that takes log groups which other stacks retained, to delete them. */
export const LEFTOVERS_STACK = `${PREFIX}leftovers`;

/** Sources of the events that are forwarded. The first rule decides by them which way an event takes. */
export const ONE_HOP = `${PREFIX}one-hop`;
export const TWO_HOPS = `${PREFIX}two-hops`;

/** Names of the buses: where events start, the bus between two hops, and the end. */
export const BUSES = { START: `${PREFIX}start`, BETWEEN: `${PREFIX}between`, END: `${PREFIX}end` } as const;

export function regionOf(stack: StackName, { region, farRegion }: { readonly region: string; readonly farRegion: string }): string {
  return stack === STACKS.ARRIVAL ? farRegion : region;
}
