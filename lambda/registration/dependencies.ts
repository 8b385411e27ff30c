import type { RegistrationConfig } from '../../src/names';
import type { Log, MetricSink } from '../adapters/aws/logging';
import type { CustomerResolver } from '../adapters/marketplace/customer-resolver';
import type { RegistrationTable } from '../adapters/registrations/registration-table';
import type { UnlinkedRegistrations } from '../adapters/subscriptions/unlinked-registrations';
import type { Clock } from '../domain/clock';
import type { RegistrationLinks } from '../subscriptions/registration-links';
import type { SubscriptionStore } from '../subscriptions/subscription-store';

export interface RegistrationDependencies {
  readonly productCode: string;
  readonly config: RegistrationConfig;
  readonly resolver: CustomerResolver;
  readonly store: SubscriptionStore;
  readonly links: RegistrationLinks;
  readonly unlinked: UnlinkedRegistrations;
  readonly registrations: RegistrationTable;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: MetricSink;
  /** 256 random bits, as text that is safe in a cookie and a URL. */
  readonly newHandle: () => string;
  /** A unique id. */
  readonly newId: () => string;
}
