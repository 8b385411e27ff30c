import Big from 'big.js';
import type { Item, Offer, Product } from './product';

type Paid = Readonly<Record<'PaidCalls' | 'PaidUnits', number>>;

/** Which entitlement covers usage of a dimension, and in which period; as the app has it. */
const OVERAGES: Readonly<Record<string, { readonly of: keyof Paid; readonly periodOf: (hour: string) => string }>> = {
  ApiCalls: { of: 'PaidCalls', periodOf: (hour) => hour.slice(0, 'YYYY-MM'.length) },
  Units: { of: 'PaidUnits', periodOf: (hour) => hour },
};

const FIRST: Paid = { PaidCalls: 200, PaidUnits: 50 };

/** The model: what buyers have paid for up front. */
export class Contracts {
  /** By index of the purchase; none: as at first. */
  private readonly amendments = new Map<number, Paid[]>();

  constructor(private readonly product: Product) {}

  /** What each buyer buys. */
  offer(): Offer {
    return { quantities: FIRST };
  }

  async amend(index: number, paid: Paid): Promise<void> {
    this.amendments.set(index, [...this.amendments.get(index) ?? [], paid]);
    await this.product.amend(paid, index);
  }

  /**
   * In each period an entitlement covers as much of the usage as the most that the buyer ever had, and at least as much as the least;
   * so exactly what was used, up to what was bought, of a contract that was never amended.
   *
   * @param cancelled indexes of purchases that ended, and had nothing from then on
   */
  faults(items: readonly Item[], cancelled: ReadonlySet<number>): string[] {
    return this.product.purchases.flatMap(({ licenseId }, index) => {
      const paid = [FIRST, ...this.amendments.get(index) ?? []];
      return Object.entries(OVERAGES).flatMap(([dimension, { of, periodOf }]) => {
        const [least, most] = [Math.min(...paid.map((each) => each[of])), Math.max(...paid.map((each) => each[of]))];
        return Object.entries(usageBy(items, `B#${licenseId}#${dimension}#`, periodOf)).flatMap(([period, { used, covered }]) => {
          const floor = used.lt(least) ? used : new Big(least);
          const isTooMuch = covered.gt(most) || covered.gt(used);
          const isTooLittle = covered.lt(floor) && !cancelled.has(index);
          return isTooMuch || isTooLittle
            ? [`${licenseId} ${dimension} ${period}: ${covered.toFixed()} of ${used.toFixed()} are covered, by ${least} to ${most}`] : [];
        });
      });
    });
  }
}

function usageBy(items: readonly Item[], prefix: string, periodOf: (hour: string) => string): Record<string, { used: Big; covered: Big }> {
  const found: Record<string, { used: Big; covered: Big }> = {};
  for (const { pk, type, amount } of items.filter((item) => String(item.pk).startsWith(prefix))) {
    const of = found[periodOf(String(pk).slice(prefix.length))] ??= { used: new Big(0), covered: new Big(0) };
    if (type === 'UsageRecord') of.used = of.used.plus(String(amount));
    if (type === 'CoveredUsage') of.covered = of.covered.plus(String(amount));
  }
  return found;
}
