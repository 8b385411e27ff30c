import Big from 'big.js';
import { amountAttributes, amountOf, bucketPk, expiry, header, type Item, type ItemKey, padded } from './items';
import { defined } from '../../domain/defined';
import { isoTime } from '../../domain/time';
import type { Allowance, AllowanceKey, Draw } from '../../domain/usage/overage/allowance';

/* Keys and shapes of draws on entitlements: a line of its bucket each, and an allowance for each license, dimension and period. */

/** No handler expires the allowance of a contract, which may last for years. */
const CONTRACT_PERIOD = 'CONTRACT';

export function allowanceKey({ licenseId, dimension, period }: AllowanceKey): ItemKey {
  return { pk: `A#${licenseId}#${dimension}`, sk: period };
}

export function allowanceAttributes({ licenseId, period }: AllowanceKey, { revision, drawn, last }: Allowance, at: number): Item {
  const { hour, licenseId: drawnBy } = last.bucket;
  return {
    ...header('Allowance'),
    revision,
    drawn,
    // A migrated buyer has two keys, and one allowance.
    last: defined({ hour, licenseId: drawnBy === licenseId ? undefined : drawnBy, ...drawAttributes(last) }),
    expiresAt: period === CONTRACT_PERIOD ? undefined : expiry(at),
  };
}

export function allowanceOf(item: Item, { licenseId, dimension }: AllowanceKey): Allowance {
  const last = item.last as Item;
  return {
    revision: item.revision as number,
    drawn: item.drawn as Record<string, string>,
    last: { bucket: { licenseId: last.licenseId as string | undefined ?? licenseId, dimension, hour: last.hour as string }, ...drawOf(last) },
  };
}

export function drawItem(draw: Draw, at: number): Item & ItemKey {
  const { bucket, n } = draw;
  return {
    pk: bucketPk(bucket), sk: `D#${padded(n)}`, ...header('CoveredUsage'), ...bucket, ...drawAttributes(draw), at: isoTime(at), expiresAt: expiry(at),
  };
}

function drawAttributes({ n, units, covered, tagsDropped, term, entitled }: Draw): Item {
  return { n, units: units.toFixed(), ...amountAttributes(covered.toStored()), tagsDropped, term, entitled };
}

function drawOf(item: Item): Omit<Draw, 'bucket'> {
  return {
    n: item.n as number,
    units: new Big(item.units as string),
    covered: amountOf(item),
    ...(item.tagsDropped === true && { tagsDropped: true }),
    term: item.term as string,
    entitled: item.entitled as string,
  };
}
