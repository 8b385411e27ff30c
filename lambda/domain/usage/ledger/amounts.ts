import Big from 'big.js';
import { compare } from '../../compare';

/** Key of a tag set: JSON of its pairs, sorted by key. Never empty: it becomes an attribute name, and a table refuses empty ones. */
export type TagSet = string;

export const UNTAGGED: TagSet = '[]';

export function tagSetOf(tags: Readonly<Record<string, string>> | undefined): TagSet {
  const pairs = Object.entries(tags ?? {}).sort(([a], [b]) => compare(a, b));
  return JSON.stringify(pairs);
}

export function tagsOf(tagSet: TagSet): [string, string][] {
  return JSON.parse(tagSet) as [string, string][];
}

/** How an amount is stored: decimals as strings, as no number type of a table or of JSON keeps them exact. */
export interface StoredAmounts {
  readonly amount: string;
  /** Only when some of the amount has tags. */
  readonly tags?: Readonly<Record<TagSet, string>>;
}

/** An exact amount of dimension units, by tag set. Parts may be negative (what an earlier hour billed too early). */
export class Amounts {
  static readonly ZERO = new Amounts(new Map());

  static of(amount: Big.BigSource, tagSet: TagSet = UNTAGGED): Amounts {
    return new Amounts(new Map([[tagSet, new Big(amount)]]));
  }

  static sum(parts: Iterable<readonly [TagSet, Big.BigSource]>): Amounts {
    const sum = new Map<TagSet, Big>();
    for (const [tagSet, amount] of parts) {
      sum.set(tagSet, (sum.get(tagSet) ?? new Big(0)).plus(amount));
    }
    return new Amounts(sum);
  }

  static fromStored(stored: StoredAmounts): Amounts {
    return stored.tags ? Amounts.sum(Object.entries(stored.tags)) : Amounts.of(stored.amount);
  }

  private constructor(private readonly parts: ReadonlyMap<TagSet, Big>) {}

  /** Parts that are not zero, in a stable order. */
  entries(): [TagSet, Big][] {
    return [...this.parts].filter(([, amount]) => !amount.eq(0)).sort(([a], [b]) => compare(a, b));
  }

  total(): Big {
    return [...this.parts.values()].reduce((sum, amount) => sum.plus(amount), new Big(0));
  }

  plus(other: Amounts): Amounts {
    return Amounts.sum([...this.parts, ...other.parts]);
  }

  minus(other: Amounts): Amounts {
    return Amounts.sum([...this.parts, ...[...other.parts].map(([set, amount]) => [set, amount.neg()] as const)]);
  }

  /** The same total, without tags. */
  untagged(): Amounts {
    return Amounts.of(this.total());
  }

  hasTags(): boolean {
    return this.entries().some(([tagSet]) => tagSet !== UNTAGGED);
  }

  isZero(): boolean {
    return this.entries().length === 0;
  }

  /** About what it takes in a table. */
  storedBytes(): number {
    return this.entries().reduce((bytes, [tagSet]) => bytes + Buffer.byteLength(tagSet) + 40, 40);
  }

  toStored(): StoredAmounts {
    const amount = this.total().toFixed();
    if (!this.hasTags()) {
      return { amount };
    }
    return { amount, tags: Object.fromEntries(this.entries().map(([set, part]) => [set, part.toFixed()])) };
  }
}
