import { createHash } from 'node:crypto';
import { IdSequence } from '../../ids';

/**
 * Identifiers that look like AWS's and are the same in every run of the same story: each is a digest of its kind and of
 * a counter.
 */
export class MarketplaceIds {
  private readonly sequence = new IdSequence();

  agreementId(): string {
    return `agmt-${alphanumeric(this.digest('agreement'), 25)}`;
  }

  licenseId(): string {
    return `l-${this.digest('license').toString('hex').slice(0, 32)}`;
  }

  offerId(): string {
    return `offer-${alphanumeric(this.digest('offer'), 13)}`;
  }

  resaleAuthorizationId(): string {
    return `resaleauthz-${alphanumeric(this.digest('resale authorization'), 13)}`;
  }

  customerAwsAccountId(): string {
    return String(700_000_000_000 + this.sequence.count('account'));
  }

  /** Has characters that a form or URL must escape, so that code which forgets it fails here. */
  registrationToken(): string {
    return `t+/${Buffer.concat([this.digest('token'), this.digest('token')]).toString('base64')}`;
  }

  uuid(kind: string): string {
    const hex = this.digest(kind).toString('hex');
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
  }

  reset(): void {
    this.sequence.reset();
  }

  private digest(kind: string): Buffer {
    return createHash('sha256').update(`${kind} ${this.sequence.count(kind)}`).digest();
  }
}

/** One product, one id: no counter involved. */
export function productIdOf(productCode: string): string {
  return `prod-${alphanumeric(createHash('sha256').update(`product ${productCode}`).digest(), 13)}`;
}

/** The opaque legacy identifier of a buyer, the same for all products: docs/marketplace-facts.md#f-2-1. */
export function customerIdentifierOf(customerAwsAccountId: string): string {
  return alphanumeric(createHash('sha256').update(`customer ${customerAwsAccountId}`).digest(), 11);
}

function alphanumeric(digest: Buffer, length: number): string {
  return BigInt(`0x${digest.toString('hex')}`).toString(36).padStart(50, '0').slice(-length);
}
