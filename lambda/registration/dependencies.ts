import type { RegistrationConfig } from '../../src/names';
import type { Clock } from '../domain/clock';
import type { Log, MetricSink } from '../domain/ports';
import type { BuyerEmailStore, CustomerResolver, RegistrationStore } from '../domain/registration/ports';
import type { Subscriptions } from '../subscriptions/subscriptions';

export interface RegistrationDependencies {
  readonly productCode: string;
  /** Absent: CONCURRENT. */
  readonly agreementMode?: 'CONCURRENT' | 'LEGACY' | 'MIGRATING';
  readonly config: RegistrationConfig;
  readonly resolver: CustomerResolver;
  readonly subscriptions: Subscriptions;
  readonly registrations: RegistrationStore;
  readonly buyerEmails: BuyerEmailStore;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: MetricSink;
  /** 256 random bits, as text that is safe in a cookie and a URL. */
  readonly newHandle: () => string;
  /** A unique id. */
  readonly newId: () => string;
}
