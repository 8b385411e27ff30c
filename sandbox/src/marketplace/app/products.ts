import { subscriptionTables } from './subscriptions';
import { accountOf, NO_ACCOUNT } from '../../arn';
import type { FunctionModel, Origin, SandboxModel } from '../../model';
import { DOMAINS_PREFIX } from '../../services/api-gateway/addresses';
import type { RestApiModel } from '../../services/api-gateway/model';
import type { TableModel } from '../../services/dynamodb/model';
import type { ProductConfig } from '../world/types';

const REGISTRATION_ROLE = 'registration-api';

/** Where buyers of the first product register; undefined in an app without an integration. */
export function registrationUrl(model: SandboxModel, endpoint: string): string | undefined {
  const api = registrationApis(model)[0];
  return productsOf(model, endpoint)[0]?.fulfillmentUrl || (api && apiUrl(api, endpoint));
}

/** What the integrations of the app sell, as they wrote it onto their subscription tables: of several of one product, the first. */
export function productsOf(model: SandboxModel, endpoint: string): ProductConfig[] {
  return [...deploymentsOf(model).values()].map(([table]) => {
    const product = productOn(table);
    const api = nearest(table, registrationApis(model));
    return {
      productCode: productCodeOn(table),
      pricingModel: product.pricingModel ?? 'SUBSCRIPTION',
      // Buyers of a product that is migrated are legacy ones until they opt in.
      agreementMode: String(product.agreementMode) === 'MIGRATING' ? 'LEGACY' : product.agreementMode ?? 'CONCURRENT',
      dimensions: [...product.dimensions ?? []],
      entitledDimensions: [...product.entitledDimensions ?? []],
      fulfillmentUrl: api ? apiUrl(api, endpoint) : '',
      sellerAccountId: sellerOf(table, model),
    };
  });
}

/** Warnings about products that the app deploys more than once, as AWS Marketplace sends buyers to one address only. */
export function repeatedProducts(model: SandboxModel): string[] {
  return [...deploymentsOf(model)].filter(([, tables]) => tables.length > 1).map(([productCode, tables]) => {
    const stacks = [...new Set(tables.map(({ stack }) => stack))];
    return stacks.length > 1
      ? `product ${productCode} is deployed by the stacks ${stacks.join(', ')}: buyers are sent to ${stacks[0]}; choose with --stack`
      : `product ${productCode} is deployed ${tables.length} times by the stack ${stacks[0]}: buyers are sent to the first, that of ${tables[0].logicalId}`;
  });
}

/** Account the Marketplace knows as the seller: that of the first product. */
export function sellerAccount(model: SandboxModel): string {
  const [table] = subscriptionTables(model);
  return table ? sellerOf(table, model) : sellerRoles(model.functions)[0] ?? workloadAccount(model);
}

/** Account the product runs in. */
export function workloadAccount(model: SandboxModel): string {
  const [table] = subscriptionTables(model);
  return table ? accountOf(table.arn) : model.stacks[0]?.account ?? NO_ACCOUNT;
}

/** Account that sells what an integration is for: the one whose role its functions assume, else its own. */
function sellerOf(table: TableModel, model: SandboxModel): string {
  const own = model.functions.filter(({ environment }) => Object.values(environment).includes(table.name));
  return sellerRoles(own)[0] ?? accountOf(table.arn);
}

/** Accounts of the roles that functions assume for their calls to AWS Marketplace. */
function sellerRoles(functions: readonly FunctionModel[]): string[] {
  return functions.flatMap(({ environment: { SELLER_ROLE_ARN: arn } }) => arn ? [accountOf(arn)] : []);
}

/** The integrations' subscription tables by product code. */
function deploymentsOf(model: SandboxModel): Map<string, TableModel[]> {
  const deployments = new Map<string, TableModel[]>();
  for (const table of subscriptionTables(model)) {
    const productCode = productCodeOn(table);
    deployments.set(productCode, [...deployments.get(productCode) ?? [], table]);
  }
  return deployments;
}

function productOn(table: TableModel): Partial<ProductConfig> {
  return table.metadata?.product ?? {};
}

function productCodeOn(table: TableModel): string {
  return String(productOn(table).productCode ?? '');
}

function registrationApis(model: SandboxModel): RestApiModel[] {
  return model.apis.filter((api) => api.metadata?.role === REGISTRATION_ROLE);
}

function apiUrl(api: RestApiModel, endpoint: string): string {
  const [mapping] = api.mappings;
  if (mapping !== undefined) {
    return `${endpoint}${DOMAINS_PREFIX}${mapping.host}/${mapping.basePath === '' ? '' : `${mapping.basePath}/`}`;
  }
  return `${endpoint}/_apis/${api.id}/${api.stages[0] ?? 'prod'}/`;
}

/** Resources of one construct share the beginning of their logical ids. */
function nearest<T extends Origin>(origin: Origin, candidates: readonly T[]): T | undefined {
  const shared = (candidate: T): number => {
    let length = 0;
    while (length < origin.logicalId.length && origin.logicalId[length] === candidate.logicalId[length]) {
      length++;
    }
    return candidate.stack === origin.stack ? length : -1;
  };
  return [...candidates].sort((a, b) => shared(b) - shared(a))[0];
}
