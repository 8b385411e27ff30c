type Value = number | boolean | string;

/** A DynamoDB attribute, as far as the read model has one. */
interface Attribute {
  readonly S?: string | undefined;
  readonly N?: string | undefined;
  readonly BOOL?: boolean | undefined;
  readonly M?: Record<string, Attribute> | undefined;
}

/** `DynamoDB` of `@aws-sdk/client-dynamodb`. */
export interface SubscriptionsClient {
  getItem(input: { TableName: string; Key: Record<string, { S: string }> }): Promise<{ readonly Item?: Record<string, unknown> }>;
}

/** License ids as the integration has them, and ARNs that end in one. */
const LICENSE = /(?:^|[:/])((?:l|lic|legacy)-[A-Za-z0-9_.-]+)$/;

/**
 * Reads the subscriptions table, under a role that got `grantReadSubscriptions`: one GetItem a question. A former key of a buyer who was
 * migrated (`legacy-…`) takes one more, and the license that the buyer has now answers.
 */
export class Entitlements {
  /**
   * @param dynamodb `new DynamoDB({})` of `@aws-sdk/client-dynamodb`
   * @param tableName `subscriptionsTable.tableName` of the integration
   */
  public constructor(private readonly dynamodb: SubscriptionsClient, private readonly tableName: string) {}

  /**
   * Whether the buyer may use the product now.
   *
   * @param license id or ARN
   */
  public async isActive(license: string): Promise<boolean> {
    const item = await this.read(idOf(license), 'SUBSCRIPTION');
    const continuesAs = item?.continuesAs?.S;
    return (continuesAs === undefined ? item : await this.read(continuesAs, 'SUBSCRIPTION'))?.status?.S === 'ACTIVE';
  }

  /**
   * What the buyer of a contract has of a dimension: a number, true or false, or a text; undefined where the buyer has none.
   *
   * @param license id or ARN
   * @param dimension API name of the dimension
   */
  public async entitled(license: string, dimension: string): Promise<Value | undefined> {
    const id = idOf(license);
    const continuesAs = id.startsWith('legacy-') ? (await this.read(id, 'SUBSCRIPTION'))?.continuesAs?.S : undefined;
    const item = await this.read(continuesAs ?? id, 'ENTITLEMENTS');
    const entitlements = item?.entitlements?.M ?? {};
    const value = Object.hasOwn(entitlements, dimension) ? entitlements[dimension].M?.value : undefined;
    return value?.N === undefined ? value?.BOOL ?? value?.S : Number(value.N);
  }

  private async read(id: string, part: string): Promise<Record<string, Attribute> | undefined> {
    const { Item: item } = await this.dynamodb.getItem({ TableName: this.tableName, Key: { pk: { S: `L#${id}` }, sk: { S: part } } });
    return item as Record<string, Attribute> | undefined;
  }
}

function idOf(license: string): string {
  const id = LICENSE.exec(license)?.[1];
  if (id === undefined) {
    throw new Error(`received ${JSON.stringify(license)}; give the id of a license (l-…) or its ARN`);
  }
  return id;
}
