import { DetailType, METRICS } from '../../src/names';
import type { Log, MetricSink } from '../adapters/aws/logging';
import type { Learned } from '../adapters/subscriptions/subscription-table';
import type { Clock } from '../domain/clock';
import { readAgreementEvent } from '../domain/subscription/agreement-event';
import type { RegistrationLinks } from '../subscriptions/registration-links';
import type { SubscriptionStore } from '../subscriptions/subscription-store';

export interface AgreementEventDependencies {
  readonly productCode: string;
  readonly store: SubscriptionStore;
  readonly links: RegistrationLinks;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: MetricSink;
}

/**
 * Applies one event of AWS Marketplace, given as EventBridge delivered it. Doing so again changes nothing, and
 * completes what an interrupted run left.
 *
 * @throws MalformedEventError when it cannot be read; any error of AWS
 */
export async function handleAgreementEvent(body: string, on: AgreementEventDependencies): Promise<void> {
  const event = readAgreementEvent(body);
  const { eventId, detailType } = event;
  if (event.outcome !== 'FACT') {
    const { agreementId } = event;
    if (event.outcome === 'UNKNOWN') {
      on.metrics.add(METRICS.UNKNOWN_AGREEMENT_EVENTS);
      on.log.warn('Agreement event of an unknown type', { eventId, detailType, agreementId });
    } else {
      on.log.info('Agreement event noted', { eventId, detailType, agreementId });
    }
    return;
  }
  const { fact, licenseId } = event;
  if (fact.productCode !== undefined && fact.productCode !== on.productCode) {
    on.log.debug('Agreement event of another product', { eventId, detailType, productCode: fact.productCode });
    return;
  }
  const learned = await on.store.learnOfAgreement(fact, licenseId, on.clock.now());
  report(learned, on);
  on.log.info(learned.length === 0 ? 'Agreement event kept until its license is known' : 'Agreement event applied', {
    eventId,
    detailType,
    agreementId: fact.agreementId,
    licenseIds: learned.map(({ item }) => item.licenseId),
    status: learned.map(({ transition }) => transition.state.status),
  });
  for (const { item, transition: { state: { registeredAt, customerAwsAccountId, productCode } } } of learned) {
    if (item.licenseId === licenseId && registeredAt === undefined && customerAwsAccountId !== undefined && productCode !== undefined) {
      await on.links.link({ customerAwsAccountId, productCode }, on.clock.now(), [licenseId]);
    }
  }
}

function report(learned: readonly Learned[], { metrics, log }: AgreementEventDependencies): void {
  const issued = learned.flatMap(({ transition }) => transition.events).filter((event) => event.detailType === DetailType.ADVISORY_ISSUED);
  if (issued.length > 0) {
    metrics.add(METRICS.ADVISORIES_ISSUED, issued.length);
    log.warn('AWS suspects fraud or compromise of a buyer\'s account', { licenseIds: issued.map(({ detail }) => detail.licenseId) });
  }
}
