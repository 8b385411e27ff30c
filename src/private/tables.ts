import { RemovalPolicy, Stack, Token } from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { ExistingTables } from '../existing-tables';
import { IndexConfig, Keys, RegistrationIndex, ResourcePart, SubscriptionIndex, UsageIndex } from '../names';
import { tagForSandbox } from './metadata';
import { hasMetering, Product } from './product';
import { checkIsHere, invalidProp } from './validate';

export interface Tables {
  readonly subscriptions: dynamodb.ITableV2;
  readonly registrations: dynamodb.ITableV2;
  /** Absent: the product's usage is not metered. */
  readonly usage?: dynamodb.ITableV2;
  readonly encryptionKey?: kms.IKey;
}

export interface TablesProps {
  readonly product: Product;
  readonly encryptionKey?: kms.IKey;
  readonly removalPolicy: RemovalPolicy;
  readonly existingTables?: ExistingTables;
}

/** New tables, or the existing ones. */
export function tablesOf(scope: Construct, props: TablesProps): Tables {
  const { existingTables } = props;
  const tables = existingTables ? checkedTables(scope, existingTables, props) : createTables(scope, props);
  const { dimensions, ...product } = props.product;
  const named = (kind: string) => dimensions.filter((dimension) => dimension.kind === kind).map(({ name }) => name);
  tagForSandbox(tables.subscriptions, ResourcePart.SUBSCRIPTIONS_TABLE, {
    product: { ...product, dimensions: named('METERED'), entitledDimensions: named('ENTITLED') },
  });
  tagForSandbox(tables.registrations, ResourcePart.REGISTRATIONS_TABLE);
  if (tables.usage) {
    tagForSandbox(tables.usage, ResourcePart.USAGE_TABLE);
  }
  return tables;
}

/** The ids never change: another logical id would create another, empty, table. */
function createTables(scope: Construct, props: TablesProps): Tables {
  return {
    subscriptions: table(scope, 'SubscriptionsTable', Object.values(SubscriptionIndex), props),
    registrations: table(scope, 'RegistrationsTable', Object.values(RegistrationIndex), props),
    ...hasMetering(props.product) && { usage: table(scope, 'UsageTable', Object.values(UsageIndex), props) },
    encryptionKey: props.encryptionKey,
  };
}

function checkedTables(scope: Construct, existing: ExistingTables, { product, encryptionKey }: TablesProps): Tables {
  const { subscriptionsTable, registrationsTable, usageTable } = existing;
  if (usageTable && !hasMetering(product)) {
    throw invalidProp('existingTables.usageTable', usageTable.tableName, `a product with SaasPricingModel.${product.pricingModel} meters no usage: leave it out`);
  }
  const names = new Map<string, string>();
  for (const [prop, existingTable] of Object.entries({ subscriptionsTable, registrationsTable, ...hasMetering(product) && { usageTable } })) {
    const path = `existingTables.${prop}`;
    if (!existingTable?.tableName) {
      throw invalidProp(path, existingTable, 'give a table, such as TableV2.fromTableName(), or leave existingTables out for new tables');
    }
    checkIsHere(scope, path, 'table', existingTable, 'give a table of the same place, such as one restored there from a backup');
    const name = JSON.stringify(Stack.of(scope).resolve(existingTable.tableName));
    if (names.has(name)) {
      throw invalidProp(path, existingTable.tableName, `the tables differ, and ${names.get(name)} is this one already`);
    }
    names.set(name, path);
  }
  return { subscriptions: subscriptionsTable, registrations: registrationsTable, usage: usageTable, encryptionKey };
}

function table(scope: Construct, id: string, indexes: IndexConfig[], props: TablesProps): dynamodb.TableV2 {
  const { STRING } = dynamodb.AttributeType;
  const { encryptionKey, removalPolicy } = props;
  // TableV2 renders a customer's key only where the region is known at synthesis.
  const regionKnown = !Token.isUnresolved(Stack.of(scope).region);
  const created = new dynamodb.TableV2(scope, id, {
    partitionKey: { name: Keys.PK, type: STRING },
    sortKey: { name: Keys.SK, type: STRING },
    timeToLiveAttribute: Keys.TTL,
    globalSecondaryIndexes: indexes.map(({ name, partitionKey, sortKey, attributes }) => ({
      indexName: name,
      partitionKey: { name: partitionKey, type: STRING },
      sortKey: { name: sortKey, type: STRING },
      ...(attributes
        ? { projectionType: dynamodb.ProjectionType.INCLUDE, nonKeyAttributes: [...attributes] }
        : { projectionType: dynamodb.ProjectionType.ALL }),
    })),
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    encryption: encryptionKey && regionKnown
      ? dynamodb.TableEncryptionV2.customerManagedKey(encryptionKey)
      : dynamodb.TableEncryptionV2.awsManagedKey(),
    removalPolicy,
    deletionProtection: removalPolicy !== RemovalPolicy.DESTROY,
  });
  if (encryptionKey && !regionKnown) {
    const resource = created.node.defaultChild as dynamodb.CfnGlobalTable;
    resource.addPropertyOverride('Replicas.0.SSESpecification', { KMSMasterKeyId: encryptionKey.keyArn });
  }
  return created;
}

/** The table of usage, for the parts that a product without metering does not have. */
export function meteredTable({ usage }: Tables): dynamodb.ITableV2 {
  if (!usage) {
    throw new Error('MarketplaceSaas: a product without metering has no table of usage');
  }
  return usage;
}

export type TableAction = 'GetItem' | 'BatchGetItem' | 'Query' | 'PutItem' | 'UpdateItem' | 'DeleteItem';

/** Lets a function see whether indexes that are often empty have items. */
export function grantScan(grantee: iam.IGrantable, { tableArn }: dynamodb.ITableV2, ...indexes: IndexConfig[]): iam.Grant {
  return iam.Grant.addToPrincipal({ grantee, actions: ['dynamodb:Scan'], resourceArns: indexes.map(({ name }) => `${tableArn}/index/${name}`) });
}

/** Allows these actions on a table of the integration, and Query on these indexes. */
export function grantTable(
  grantee: iam.IGrantable, tables: Tables, name: 'subscriptions' | 'registrations' | 'usage', actions: TableAction[], indexes: IndexConfig[] = [],
): iam.Grant {
  return grantItems(grantee, name === 'usage' ? meteredTable(tables) : tables[name], tables.encryptionKey, actions, indexes);
}

/**
 * Allows these actions on a table, and Query on these indexes.
 *
 * @param knownKey the customer key of a table that does not know its own
 */
export function grantItems(
  grantee: iam.IGrantable, granted: dynamodb.ITableV2, knownKey: kms.IKey | undefined, actions: TableAction[], indexes: IndexConfig[],
): iam.Grant {
  const { tableArn } = granted;
  const grants = [iam.Grant.addToPrincipal({ grantee, actions: actions.map((action) => `dynamodb:${action}`), resourceArns: [tableArn] })];
  if (indexes.length > 0) {
    const resourceArns = indexes.map((index) => `${tableArn}/index/${index.name}`);
    grants.push(iam.Grant.addToPrincipal({ grantee, actions: ['dynamodb:Query'], resourceArns }));
  }
  const encryptionKey = granted.encryptionKey ?? knownKey;
  if (encryptionKey) {
    const writes = actions.some((action) => action === 'PutItem' || action === 'UpdateItem' || action === 'DeleteItem');
    grants.push(encryptionKey.grant(grantee, 'kms:Decrypt', 'kms:DescribeKey', ...writes
      ? ['kms:Encrypt', 'kms:GenerateDataKey', 'kms:GenerateDataKeyWithoutPlaintext', 'kms:ReEncryptFrom', 'kms:ReEncryptTo']
      : []));
  }
  return grants.reduce((all, grant) => all.combine(grant));
}
