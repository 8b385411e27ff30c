import type { EntitlementTransition } from './license-entitlements';
import type { EventSubject } from './ports';
import { DetailType } from '../../../src/names';
import { defined } from '../defined';
import type { DomainEvent } from '../domain-event';
import { isoTime } from '../time';

/** The event of a change: none where nothing changed. Its id counts the changes of the license. */
export function entitlementEvents({ after, changes }: EntitlementTransition, subject: EventSubject): readonly DomainEvent[] {
  if (changes.length === 0 || after.since === undefined) {
    return [];
  }
  const { licenseId, agreementId, entitlements, since } = after;
  const { productCode, licenseArn, customerAwsAccountId, status, registered } = subject;
  return [{
    detailType: DetailType.ENTITLEMENT_CHANGED,
    time: isoTime(since),
    detail: defined({
      version: '1' as const,
      eventId: `entitlement-changed:${after.changes}:${licenseId}`,
      productCode,
      licenseId,
      licenseArn,
      customerAwsAccountId,
      status,
      registered,
      agreementId,
      changedAt: isoTime(since),
      changes,
      entitlements,
    }),
  }];
}
