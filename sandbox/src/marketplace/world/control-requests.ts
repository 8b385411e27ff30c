import { z } from 'zod';
import type { ChangedTerms, PurchaseTerms } from './lifecycle';
import type { MarketplaceState } from './marketplace-state';
import { DAY } from './time';
import type { Agreement, ProductConfig, Quantities } from './types';
import { ControlError } from '../../errors';
import { factUrl } from '../../facts';
import { MAX_QUANTITY } from '../api/limits';

const DEFAULT_CONTRACT = 365 * DAY;

const time = z.iso.datetime({ offset: true }).transform((iso) => Date.parse(iso));
const accountId = z.string().regex(/^\d{12}$/, 'must be 12 digits');
const quantities = z.record(z.string(), z.union([z.number().min(0).max(MAX_QUANTITY), z.boolean(), z.string()]));

const dimensions = z.array(z.string());

const purchaseBody = z.strictObject({
  productCode: z.string().optional(),
  customerAwsAccountId: accountId.optional(),
  freeTrial: z.boolean().default(false),
  dimensions: dimensions.optional(),
  quantities: quantities.optional(),
  startTime: time.optional(),
  endTime: time.optional(),
  autoRenewal: z.boolean().default(false),
  channelPartnerAccountId: accountId.optional(),
});

const changeBody = z.strictObject({
  dimensions: dimensions.optional(),
  quantities: quantities.optional(),
  endTime: time.optional(),
  autoRenewal: z.boolean().optional(),
});

const tokenBody = z.strictObject({ source: z.enum(['browser', 'agreement-api']).default('browser') });
const emptyBody = z.strictObject({});

/** @throws ControlError naming the field that is wrong */
export function purchaseTerms(body: unknown, state: MarketplaceState, now: number, sellerAccountId: string, newAccount: () => string): PurchaseTerms {
  const input = parse(purchaseBody, body);
  const product = productOf(input.productCode, state.products);
  const { startTime = now } = input;
  if (startTime < now) {
    throw invalid(`startTime ${new Date(startTime).toISOString()} lies in the past`);
  }
  const endless = product.pricingModel === 'SUBSCRIPTION';
  const endTime = input.endTime ?? (endless ? undefined : startTime + DEFAULT_CONTRACT);
  checkEnd(endTime, startTime);
  if (input.autoRenewal && endTime === undefined) {
    throw invalid('autoRenewal needs an endTime: an endless agreement is never renewed');
  }
  const customerAwsAccountId = input.customerAwsAccountId ?? newAccount();
  if (customerAwsAccountId === sellerAccountId) {
    throw new ControlError(409, 'OwnProduct', `Account ${sellerAccountId} is the seller's: it cannot buy its own product; take another account: ${factUrl('8')}`);
  }
  checkHistory(product, customerAwsAccountId, input.freeTrial, state);
  return {
    product,
    customerAwsAccountId,
    freeTrial: input.freeTrial,
    dimensions: checkedDimensions(product, input.dimensions ?? product.dimensions),
    quantities: input.quantities === undefined ? oneOfEach(product) : checkedQuantities(product, input.quantities),
    startTime,
    endTime,
    autoRenewal: input.autoRenewal,
    channelPartnerAccountId: input.channelPartnerAccountId,
  };
}

/**
 * What changes of `agreement`, in force from `since` on.
 *
 * @throws ControlError naming the field that is wrong
 */
export function changedTerms(body: unknown, agreement: Agreement, since: number): ChangedTerms {
  const input = parse(changeBody, body);
  checkEnd(input.endTime, since);
  return {
    ...input,
    ...input.dimensions && { dimensions: checkedDimensions(agreement.product, input.dimensions) },
    ...input.quantities && { quantities: checkedQuantities(agreement.product, { ...agreement.quantities, ...input.quantities }) },
  };
}

export function tokenSource(body: unknown): 'browser' | 'agreement-api' {
  return parse(tokenBody, body).source;
}

export function requireEmptyBody(body: unknown): void {
  parse(emptyBody, body);
}

function parse<T extends z.ZodType>(schema: T, body: unknown): z.output<T> {
  const result = schema.safeParse(body ?? {});
  if (!result.success) {
    throw invalid(result.error.issues.map((issue) => [issue.path.join('.'), issue.message].filter(Boolean).join(': ')).join('; '));
  }
  return result.data;
}

function productOf(productCode: string | undefined, products: ReadonlyMap<string, ProductConfig>): ProductConfig {
  const codes = [...products.keys()];
  if (productCode === undefined && codes.length !== 1) {
    throw invalid(`productCode is needed, as there is not exactly one product: ${codes.join(', ') || 'none'}`);
  }
  const product = products.get(productCode ?? codes[0]);
  if (!product) {
    throw new ControlError(404, 'UnknownProduct', `No product has the code '${productCode}'; there are: ${codes.join(', ') || 'none'}`);
  }
  return product;
}

function checkEnd(endTime: number | undefined, since: number): void {
  if (endTime !== undefined && endTime <= since) {
    throw invalid(`endTime ${new Date(endTime).toISOString()} must lie after ${new Date(since).toISOString()}, when these terms come into force`);
  }
}

function checkHistory(product: ProductConfig, account: string, freeTrial: boolean, state: MarketplaceState): void {
  const agreements = state.licensesOf(product.productCode, account).map((license) => state.agreements.get(license.agreementId));
  if (freeTrial && agreements.some((agreement) => agreement?.freeTrial)) {
    throw new ControlError(409, 'FreeTrialUsed', `Account ${account} has had its free trial of this product: there is one per account: ${factUrl('8')}`);
  }
  if (product.agreementMode === 'LEGACY' && agreements.some((agreement) => agreement?.status === 'ACTIVE')) {
    throw new ControlError(409, 'AlreadySubscribed',
      `Account ${account} has an active agreement: without concurrent agreements there is one per account and product`);
  }
}

function oneOfEach(product: ProductConfig): Quantities {
  return product.pricingModel === 'SUBSCRIPTION' ? {} : Object.fromEntries(product.entitledDimensions.map((name) => [name, 1]));
}

function checkedQuantities(product: ProductConfig, bought: Quantities): Quantities {
  if (product.pricingModel === 'SUBSCRIPTION') {
    throw invalid('quantities are bought with contracts only; this product is a subscription');
  }
  const unknown = Object.keys(bought).filter((name) => !product.entitledDimensions.includes(name));
  if (unknown.length > 0) {
    throw invalid(`quantities: no entitled dimension is called ${unknown.join(', ')}; there are: ${product.entitledDimensions.join(', ')}`);
  }
  return bought;
}

function checkedDimensions(product: ProductConfig, offered: readonly string[]): readonly string[] {
  const unknown = offered.filter((name) => !product.dimensions.includes(name));
  if (unknown.length > 0) {
    throw invalid(`dimensions: no metered dimension is called ${unknown.join(', ')}; there are: ${product.dimensions.join(', ') || 'none'}`);
  }
  return offered;
}

function invalid(message: string): ControlError {
  return new ControlError(400, 'InvalidRequest', message);
}
