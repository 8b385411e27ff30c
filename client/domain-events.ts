import type { DomainEventDetails } from './schema-types';

/** `source` of every domain event. */
const SOURCE = 'marketplace-saas';

export type DomainEventType = keyof DomainEventDetails;

/** A domain event as EventBridge delivers it. `detail.eventId` is the same each time that it is delivered. */
export interface DomainEventOf<T extends DomainEventType> {
  readonly 'source': typeof SOURCE;
  readonly 'detail-type': T;
  readonly 'detail': DomainEventDetails[T];
  readonly 'id': string;
  readonly 'time': string;
  readonly 'account': string;
  readonly 'region': string;
}

/** Any domain event: its `detail-type` says which. */
export type DomainEvent = { [T in DomainEventType]: DomainEventOf<T> }[DomainEventType];

/**
 * Whether an event is a domain event of this type, so that its detail has a type in TypeScript.
 *
 * @param event what EventBridge delivered: to a function, or as the body of a message
 * @param type such as `Subscription Activated`; any domain event without it
 */
export function isDomainEvent(event: unknown): event is DomainEvent;
export function isDomainEvent<T extends DomainEventType>(event: unknown, type: T): event is DomainEventOf<T>;
export function isDomainEvent(event: unknown, type?: string): boolean {
  const { source, 'detail-type': detailType } = (event ?? {}) as Partial<DomainEvent>;
  return source === SOURCE && (type === undefined || detailType === type);
}
