import { WireError } from './wire';
import { areDifferentAccounts } from '../../arn';
import { factUrl } from '../../facts';
import type { Settings } from '../settings/settings';
import type { Findings } from '../world/findings';
import type { ServiceName } from '../world/types';

/** Who may call: Marketplace answers only the account that published the product. See docs/marketplace-facts.md#f-7-2. */
export class SellerCheck {
  constructor(private readonly accounts: readonly string[], private readonly settings: Settings, private readonly findings: Findings) {}

  /**
   * Callers without an account pass, and all callers when a seller's account is not known.
   *
   * @throws WireError when the caller is none of the sellers
   */
  check(service: ServiceName, operation: string, account: string | undefined): void {
    if (account === undefined || !this.accounts.length || !this.accounts.every((seller) => areDifferentAccounts(seller, account))) {
      return;
    }
    const sellers = [...new Set(this.accounts)].join(', ');
    const message = `${operation} was called by a role of account ${account}, but the seller is account ${sellers}: assume a role there, as SellerAccess.assumeRole does: ${factUrl('7.2')}`;
    this.findings.add('error', 'NOT_THE_SELLER', message);
    throw new WireError(this.refusal(service, operation), message);
  }

  private refusal(service: ServiceName, operation: string): string {
    switch (service) {
      case 'agreement': return 'AccessDeniedException';
      case 'entitlement': return this.settings.get('entitlements.otherAccount');
      case 'metering': return this.settings.get(operation === 'ResolveCustomer' ? 'registration.otherAccount' : 'metering.otherAccount');
    }
  }
}
