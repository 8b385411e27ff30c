import type { SandboxModel } from '../../model';
import type { DynamoDb, Item } from '../../services/dynamodb/engine';
import type { TableModel } from '../../services/dynamodb/model';

const METADATA_ROLE = 'subscriptions-table';
/** Internal attributes, hidden from `state`. */
const INTERNAL_ATTRIBUTES = /^(pk|sk|v|type|facts|revision|asOf|outbox.*)$/;

export function subscriptionTables(model: SandboxModel): TableModel[] {
  return model.tables.filter((table) => table.metadata?.role === METADATA_ROLE);
}

/** The subscriptions an app keeps, read from its own tables, by license id. */
export async function subscriptions(model: SandboxModel, engine: DynamoDb): Promise<SubscriptionView[]> {
  const found: SubscriptionView[] = [];
  for (const table of subscriptionTables(model)) {
    for await (const item of engine.scan({ TableName: table.name, ConsistentRead: true })) {
      const plain = plainItem(item);
      if (plain.type === 'Subscription') {
        found.push({ ...publicAttributes(plain), integration: integrationOf(table) });
      }
    }
  }
  return found.sort((a, b) => String(a.licenseId) < String(b.licenseId) ? -1 : 1);
}

/** Which integration of the app a subscription belongs to: there may be several, also of one product. */
export interface IntegrationReference {
  readonly stack: string;
  /** Of the integration's table of subscriptions. */
  readonly table: string;
  readonly productCode: string;
}

export interface SubscriptionView {
  readonly licenseId?: string;
  readonly status?: string;
  readonly integration: IntegrationReference;
  readonly [attribute: string]: unknown;
}

function integrationOf({ stack, logicalId, metadata }: TableModel): IntegrationReference {
  const product = metadata?.product as { readonly productCode?: unknown } | undefined;
  return { stack, table: logicalId, productCode: String(product?.productCode ?? '') };
}

function publicAttributes(item: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(item).filter(([name]) => !INTERNAL_ATTRIBUTES.test(name)));
}

/** An item without DynamoDB's type descriptors. */
export function plainItem(item: Item): Record<string, unknown> {
  return Object.fromEntries(Object.entries(item).map(([name, value]) => [name, plainValue(value)]));
}

function plainValue(value: Readonly<Record<string, unknown>>): unknown {
  const [[type, content]] = Object.entries(value);
  switch (type) {
    case 'N': return Number(content);
    case 'NS': return (content as string[]).map(Number).sort((a, b) => a - b);
    case 'SS': return [...content as string[]].sort();
    case 'L': return (content as Readonly<Record<string, unknown>>[]).map(plainValue);
    case 'M': return plainItem(content as Item);
    case 'NULL': return null;
    default: return content;
  }
}
