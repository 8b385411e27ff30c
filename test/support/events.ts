import { readFileSync } from 'node:fs';
import * as path from 'node:path';

export interface MarketplaceEvent {
  readonly 'id': string;
  readonly 'detail-type': string;
  readonly 'time': string;
  readonly 'detail': { readonly agreement: { readonly id: string }; readonly [field: string]: unknown };
  readonly [field: string]: unknown;
}

export const FIXTURES = path.join(__dirname, '../fixtures/events');

/** An event of AWS Marketplace, from its file. */
export function fixture(name: string): MarketplaceEvent {
  return JSON.parse(readFileSync(path.join(FIXTURES, `${name}.json`), 'utf8')) as MarketplaceEvent;
}
