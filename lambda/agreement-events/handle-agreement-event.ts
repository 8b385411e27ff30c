import { METRICS } from '../../src/names';
import type { Clock } from '../domain/clock';
import type { Log, MetricSink } from '../domain/ports';
import { readAgreementEvent } from '../domain/subscription/agreement-event';
import { VET_FAILED } from '../domain/subscription/agreement-notice';
import type { Subscriptions } from '../subscriptions/subscriptions';

export interface AgreementEventDependencies {
  readonly productCode: string;
  readonly subscriptions: Subscriptions;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: MetricSink;
}

/**
 * Applies one event of AWS Marketplace, given as EventBridge delivered it. Applying it again changes nothing, and
 * completes what an interrupted run left.
 *
 * @throws MalformedEventError when it cannot be read; any error of AWS
 */
export async function handleAgreementEvent(body: string, deps: AgreementEventDependencies): Promise<void> {
  const { subscriptions, clock, log, metrics } = deps;
  const event = readAgreementEvent(body);
  const { eventId, detailType } = event;
  if (event.outcome !== 'FACT') {
    const { outcome, agreementId } = event;
    if (outcome === 'UNKNOWN') {
      metrics.add(METRICS.UNKNOWN_AGREEMENT_EVENTS);
      log.warn('Agreement event of an unknown type', { eventId, detailType, agreementId });
    } else {
      log.info('Agreement event that names no agreement', { eventId, detailType });
    }
    return;
  }
  const { fact, licenseId } = event;
  if (fact.productCode !== undefined && fact.productCode !== deps.productCode) {
    log.debug('Agreement event of another product', { eventId, detailType, productCode: fact.productCode });
    return;
  }
  if (fact.notice === VET_FAILED) {
    metrics.add(METRICS.UNKNOWN_AGREEMENT_EVENTS);
    log.warn('AWS could not verify how a buyer pays', { eventId, detailType, agreementId: fact.agreementId });
  }
  const recorded = await subscriptions.recordAgreementFact(fact, licenseId, clock.now());
  log.info(recorded.length === 0 ? 'Agreement event kept until its license is known' : 'Agreement event applied', {
    eventId,
    detailType,
    agreementId: fact.agreementId,
    licenseIds: recorded.map((subscription) => subscription.licenseId),
    status: recorded.map(({ state }) => state.status),
  });
}
