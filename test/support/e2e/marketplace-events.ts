import type { EventRequest } from 'cdk-marketplace-saas-sandbox';
import { readdirSync, readFileSync } from 'node:fs';
import * as path from 'node:path';

const FOLDER = path.join(__dirname, '..', '..', 'fixtures', 'events');
const LICENSE = 'l-0123456789abcdef0123456789abcdef';
const AGREEMENTS = /agmt-(9x2rk4t0m1example|renewal0example)/g;

export type MarketplaceEvent = EventRequest;

export function fixtureNames(): string[] {
  return readdirSync(FOLDER).filter((file) => file.endsWith('.json')).map((file) => path.basename(file, '.json')).sort();
}

/** The license of one buyer of a story. */
export function licenseOf(buyer: number): string {
  return `l-${String(buyer).padStart(32, '0')}`;
}

/** An event of AWS's documents, or an observed one, as it would look for another buyer: so many stories fit into one sandbox. */
export function fixture(name: string, buyer: number): MarketplaceEvent {
  const text = readFileSync(path.join(FOLDER, `${name}.json`), 'utf8');
  const event = JSON.parse(text.replaceAll(LICENSE, licenseOf(buyer)).replaceAll(AGREEMENTS, `agmt-$1-${buyer}`));
  return { ...event, id: `${event.id}-${buyer}` };
}

/** What of `value` does not depend on which buyer it comes from, as text. */
export function withoutBuyer(value: unknown, buyer: number): string {
  return JSON.stringify(value).replaceAll(licenseOf(buyer), 'LICENSE').replaceAll(`example-${buyer}`, 'example');
}

export function permutations<T>(items: readonly T[]): T[][] {
  if (items.length < 2) return [[...items]];
  return items.flatMap((item, index) => permutations(items.filter((_, other) => other !== index)).map((rest) => [item, ...rest]));
}

/** Another order of `items`, the same for the same seed. */
export function shuffled<T>(items: readonly T[], seed: number): T[] {
  const mixed = [...items];
  let state = seed;
  for (let index = mixed.length - 1; index > 0; index--) {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    const other = Math.floor((state / 2_147_483_648) * (index + 1));
    [mixed[index], mixed[other]] = [mixed[other], mixed[index]];
  }
  return mixed;
}
