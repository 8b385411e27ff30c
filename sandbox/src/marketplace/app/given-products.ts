import { StartupError } from '../../errors';
import type { ProductConfig } from '../world/types';

/** A product of AWS Marketplace whose app does not use the construct. */
export interface ProductOptions {
  readonly code: string;
  /** Default: SUBSCRIPTION. */
  readonly model?: ProductConfig['pricingModel'];
  /** API names of what the app meters. */
  readonly dimensions?: readonly string[];
  /** API names of what a contract entitles to. */
  readonly entitled?: readonly string[];
  /** Where buyers are sent: the fulfillment URL of the listing, or `output:Name` for the output of a stack. */
  readonly url?: string;
  /** Default: CONCURRENT. */
  readonly mode?: ProductConfig['agreementMode'];
  /** Account that sells it; default: that of the app. */
  readonly seller?: string;
}

/** @throws StartupError when a URL names an output that the app does not have */
export function givenProducts(products: readonly ProductOptions[], outputs: Readonly<Record<string, unknown>>): ProductConfig[] {
  return products.map(({ code, dimensions = [], entitled = [], mode = 'CONCURRENT', model = 'SUBSCRIPTION', seller, url = '' }) => ({
    productCode: code,
    pricingModel: model,
    agreementMode: mode,
    dimensions: [...dimensions],
    entitledDimensions: [...entitled],
    fulfillmentUrl: fulfillmentUrl(code, url, outputs),
    ...(seller !== undefined && { sellerAccountId: seller }),
  }));
}

function fulfillmentUrl(code: string, url: string, outputs: Readonly<Record<string, unknown>>): string {
  const output = /^output:(.+)$/.exec(url)?.[1];
  if (output === undefined) {
    return url;
  }
  if (!Object.hasOwn(outputs, output)) {
    throw new StartupError(`the product ${code} has the URL "${url}", but the app has no output "${output}"; it has: ${Object.keys(outputs).join(', ') || 'none'}`);
  }
  return String(outputs[output]);
}
