import type { RegistrationConfig } from '../../src/contract';
import type { Log, MetricSink } from '../adapters/logging';
import type { CustomerResolver } from '../adapters/marketplace-resolver';
import type { RegistrationLinks } from '../adapters/registration-links';
import type { RegistrationTable } from '../adapters/registration-table';
import type { SubscriptionStore } from '../adapters/subscription-store';
import type { UnlinkedRegistrations } from '../adapters/unlinked-registrations';
import type { Clock } from '../domain/clock';

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
