import { SandboxState } from 'cdk-marketplace-saas-sandbox';
import { DynamoDBDocumentClient, paginateScan } from '@aws-sdk/lib-dynamodb';
import { World } from './world';

/** What became of the usage of one license in one dimension, in units. */
export interface Balance {
  readonly license: string;
  readonly dimension: string;
  /** What the product reported, each record once. */
  readonly reported: number;
  /** What AWS Marketplace has accepted, and the ledger knows of. */
  readonly metered: number;
  /** What an entitlement covers, and is never billed. */
  readonly covered: number;
  /** What will not be billed; each amount has a stored reason. */
  readonly rejected: number;
  /** What was sent with an unknown outcome, and has to be settled by hand. */
  readonly unresolved: number;
  /** What is still to be sent: counted hour by hour, never as what is left over. */
  readonly pending: number;
  readonly reasons: readonly string[];
  /** What does not add up, in words. */
  readonly faults: readonly string[];
  /** There are no faults, and `reported` is the sum of the five other amounts. */
  readonly balances: boolean;
}

type Item = Readonly<Record<string, unknown>>;

/** Compares what was reported with what AWS Marketplace has, and explains the difference from the ledger. */
export async function balance(world: World): Promise<Balance[]> {
  const client = DynamoDBDocumentClient.from(world.dynamodb);
  const items: Item[] = [];
  for await (const page of paginateScan({ client }, { TableName: world.output('UsageTableName') })) items.push(...page.Items ?? []);
  const { meteringRecords } = await world.sandbox.state();
  return balanceOf(world.reported, meteringRecords, items);
}

/** The same, of records as the product reported them, of AWS Marketplace's records, and of all items of the usage table. */
export function balanceOf(reported: World['reported'], metered: SandboxState['meteringRecords'], items: readonly Item[]): Balance[] {
  const rows = new Map<string, Row>();
  const rowOf = (license: string, dimension: string): Row => {
    const key = `${license} ${dimension}`;
    const row = rows.get(key) ?? new Row(license, dimension);
    rows.set(key, row);
    return row;
  };
  const hours = new Map<string, Hour>();
  const hourOf = (key: string): Hour => {
    const hour = hours.get(key) ?? new Hour(key);
    hours.set(key, hour);
    return hour;
  };
  for (const { license, dimension, quantity } of reported) rowOf(license, dimension).reported += quantity;
  for (const { licenseId, dimension, hour, quantity } of metered) hourOf(`B#${licenseId}#${dimension}#${hour.slice(0, 13)}`).metered += quantity;
  for (const item of items) {
    if (String(item.pk).startsWith('B#')) hourOf(String(item.pk)).add(item);
    if (item.type === 'RejectedUsageRecord') {
      const { license, dimension, quantity } = JSON.parse(String(item.original)) as { license: string; dimension: string; quantity: number };
      rowOf(license, dimension).reject(quantity, item.reason);
    }
  }
  for (const hour of hours.values()) {
    const [license, dimension] = hour.key.split('#').slice(1);
    rowOf(license, dimension).book(hour, hours);
  }
  return [...rows.values()].map((row) => row.balance()).sort((a, b) => (a.license + a.dimension < b.license + b.dimension ? -1 : 1));
}

/** One bucket of the ledger (a license, a dimension, an hour), and what AWS Marketplace has of it. */
class Hour {
  metered = 0;
  covered = 0;
  private content = 0;
  private state = 'OPEN';
  private quantity = 0;
  /** Where it was carried to, and how much. */
  readonly carriedOut: { readonly hour: string; readonly amount: number }[] = [];
  /** By the hour it came from. */
  readonly carriedIn = new Map<string, number>();
  readonly rejected: { readonly amount: number; readonly reason: unknown }[] = [];

  constructor(readonly key: string) {}

  add(item: Item): void {
    const amount = Number(item.amount);
    if (item.sk === 'META') {
      this.state = String(item.state);
      this.quantity = Number(item.quantity ?? 0);
    } else if (item.type === 'UsageRecord') {
      this.content += amount;
    } else if (item.type === 'CoveredUsage') {
      this.covered += amount;
    } else if (item.type === 'CarriedIn') {
      const source = String(item.source);
      this.carriedIn.set(source, (this.carriedIn.get(source) ?? 0) + amount);
    } else if (item.type === 'CarriedOut') {
      this.carriedOut.push({ hour: String(item.to), amount });
    } else if (item.type === 'RejectedUsage') {
      this.rejected.push({ amount, reason: item.reason });
    }
  }

  /** What it holds of its own and of other hours, less what is covered and what has gone. */
  get difference(): number {
    const carriedIn = sum(this.carriedIn.values());
    const gone = sum(this.carriedOut.map(({ amount }) => amount)) + sum(this.rejected.map(({ amount }) => amount));
    return this.content + carriedIn - this.covered - gone - this.billed - this.unresolved;
  }

  get billed(): number {
    return this.state === 'BILLED' ? this.quantity : 0;
  }

  get unresolved(): number {
    return this.state === 'UNRESOLVED' ? this.quantity : 0;
  }

  /** The ledger says for certain what AWS has of it; not so of an hour under way, or of one that a person has to settle. */
  get isKnown(): boolean {
    return this.state !== 'UNRESOLVED' && this.state !== 'FROZEN';
  }

  /** What is wrong with it, whatever the others say. */
  faults(hours: ReadonlyMap<string, Hour>): string[] {
    const name = this.key.slice(-13);
    const found: string[] = [];
    if (this.difference < -1e-9) found.push(`${name} gave away ${-this.difference} more than it had`);
    if (this.isKnown && this.metered !== this.billed) found.push(`${name}: AWS Marketplace has ${this.metered}, the ledger ${this.billed}`);
    for (const target of new Set(this.carriedOut.map(({ hour }) => hour))) {
      const left = sum(this.carriedOut.filter(({ hour }) => hour === target).map(({ amount }) => amount));
      const arrived = hours.get(this.key.slice(0, -13) + target)?.carriedIn.get(name) ?? 0;
      if (Math.abs(left - arrived) > 1e-9) found.push(`${left} left ${name} for ${target}, where ${arrived} arrived`);
    }
    return found;
  }
}

class Row {
  reported = 0;
  private metered = 0;
  private covered = 0;
  private rejected = 0;
  private unresolved = 0;
  private pending = 0;
  private readonly reasons = new Set<string>();
  private readonly faults: string[] = [];

  constructor(private readonly license: string, private readonly dimension: string) {}

  reject(amount: number, reason: unknown): void {
    this.rejected += amount;
    this.reasons.add(String(reason));
  }

  book(hour: Hour, hours: ReadonlyMap<string, Hour>): void {
    for (const { amount, reason } of hour.rejected) this.reject(amount, reason);
    this.metered += hour.isKnown ? hour.metered : 0;
    this.covered += hour.covered;
    this.unresolved += hour.unresolved;
    this.pending += hour.difference;
    this.faults.push(...hour.faults(hours));
  }

  balance(): Balance {
    const { license, dimension, reported, metered, covered, rejected, unresolved, pending, faults } = this;
    const balances = faults.length === 0 && Math.abs(reported - metered - covered - rejected - unresolved - pending) < 1e-9;
    return { license, dimension, reported, metered, covered, rejected, unresolved, pending, reasons: [...this.reasons].sort(), faults, balances };
  }
}

function sum(amounts: Iterable<number>): number {
  let total = 0;
  for (const amount of amounts) total += amount;
  return total;
}
