/**
 * An event to the seller's app. Delivery is at least once; `detail.eventId` is deterministic, so that the app can
 * deduplicate. It never carries personal data of the buyer.
 */
export interface DomainEvent {
  /** One of `DetailType` in names.ts. */
  readonly detailType: string;
  /** ISO 8601: when the fact that it reports happened. */
  readonly time: string;
  readonly detail: DomainEventDetail;
}

export interface DomainEventDetail {
  /** Version of the detail's schema. */
  readonly version: '1';
  /** Same fact, same id: however often the event is sent. */
  readonly eventId: string;
  readonly productCode: string;
  readonly licenseId?: string;
  readonly [field: string]: unknown;
}
