import { DynamoDBDocumentClient, paginateScan } from '@aws-sdk/lib-dynamodb';
import { World } from './world';

/** What became of the usage of one license in one dimension, in units. */
export interface Balance {
  readonly license: string;
  readonly dimension: string;
  /** What the product reported, each record once. */
  readonly reported: number;
  /** What AWS Marketplace has accepted. */
  readonly metered: number;
  /** What will not be billed; each amount has a stored reason. */
  readonly rejected: number;
  /** What was sent with an unknown outcome, and has to be settled by hand. */
  readonly unresolved: number;
  /** What is still to be sent. */
  readonly pending: number;
  readonly reasons: readonly string[];
  readonly balances: boolean;
}

type Item = Readonly<Record<string, unknown>>;

/** Compares what was reported with what AWS Marketplace has, and explains the difference from the ledger. */
export async function balance(world: World): Promise<Balance[]> {
  const rows = new Map<string, Row>();
  const rowOf = (license: string, dimension: string): Row => {
    const key = `${license} ${dimension}`;
    const row = rows.get(key) ?? new Row(license, dimension);
    rows.set(key, row);
    return row;
  };
  for (const record of world.reported) rowOf(record.license, record.dimension).reported += record.quantity;
  const { meteringRecords } = await world.sandbox.state();
  for (const record of meteringRecords) rowOf(licenseIdOf(record.licenseArn), record.dimension).metered += record.quantity;

  const client = DynamoDBDocumentClient.from(world.dynamodb);
  for await (const page of paginateScan({ client }, { TableName: world.output('UsageTableName') })) {
    for (const item of page.Items ?? []) explain(item, rowOf);
  }
  return [...rows.values()].map((row) => row.balance()).sort((a, b) => (a.license + a.dimension < b.license + b.dimension ? -1 : 1));
}

class Row {
  reported = 0;
  metered = 0;
  rejected = 0;
  unresolved = 0;
  /** By the ledger: accepted records less what has left it. */
  pending = 0;
  readonly reasons = new Set<string>();

  constructor(readonly license: string, readonly dimension: string) {}

  balance(): Balance {
    const { license, dimension, reported, metered, rejected, unresolved, pending } = this;
    const balances = Math.abs(reported - metered - rejected - unresolved - pending) < 1e-9;
    return { license, dimension, reported, metered, rejected, unresolved, pending, reasons: [...this.reasons].sort(), balances };
  }
}

/** Books one item of the usage table. */
function explain(item: Item, rowOf: (license: string, dimension: string) => Row): void {
  const row = (): Row => rowOf(String(item.licenseId), String(item.dimension));
  const sortKey = String(item.sk);
  if (item.type === 'UsageRecord') {
    row().pending += Number(item.amount);
  } else if (sortKey.startsWith('O#') && item.reason !== undefined) {
    const [license, dimension] = String(item.pk).split('#').slice(1);
    const target = rowOf(license, dimension);
    target.rejected += Number(item.amount);
    target.pending -= Number(item.amount);
    target.reasons.add(String(item.reason));
  } else if (sortKey === 'META' && item.state === 'BILLED') {
    row().pending -= Number(item.quantity);
  } else if (sortKey === 'META' && item.state === 'UNRESOLVED') {
    row().pending -= Number(item.quantity);
    row().unresolved += Number(item.quantity);
  } else if (item.type === 'RejectedUsageRecord') {
    const { license, dimension, quantity } = JSON.parse(String(item.original)) as { license: string; dimension: string; quantity: number };
    const target = rowOf(license, dimension);
    target.rejected += quantity;
    target.reasons.add(String(item.reason));
  }
}

function licenseIdOf(arn: string): string {
  return arn.slice(arn.lastIndexOf('l-'));
}
