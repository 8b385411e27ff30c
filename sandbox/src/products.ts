import { subscriptionTables } from './control/subscriptions';
import { ProductConfig } from './marketplace';
import { Origin, RestApiModel, SandboxModel } from './model';

const REGISTRATION_ROLE = 'registration-api';

/** Where buyers of the first integration register; undefined in an app without one. */
export function registrationUrl(model: SandboxModel, endpoint: string): string | undefined {
  const api = registrationApis(model)[0];
  return api && apiUrl(api, endpoint);
}

/** What the integrations of the app sell, as they wrote it onto their subscription tables. */
export function productsOf(model: SandboxModel, endpoint: string): ProductConfig[] {
  return subscriptionTables(model).map((table) => {
    const product = (table.metadata?.product ?? {}) as Partial<ProductConfig>;
    const api = nearest(table, registrationApis(model));
    return {
      productCode: String(product.productCode ?? ''),
      pricingModel: product.pricingModel ?? 'SUBSCRIPTION',
      agreementMode: product.agreementMode ?? 'CONCURRENT',
      dimensions: [...product.dimensions ?? []],
      entitledDimensions: [...product.entitledDimensions ?? []],
      fulfillmentUrl: api ? apiUrl(api, endpoint) : '',
    };
  });
}

/** Account the Marketplace knows as the seller: the one whose role the handlers assume, else their own. */
export function sellerAccount(model: SandboxModel): string {
  const role = model.functions.map((fn) => fn.environment.SELLER_ROLE_ARN).find((arn) => arn !== undefined && arn !== '');
  return role?.split(':')[4] ?? model.stacks[0]?.account ?? '000000000000';
}

function registrationApis(model: SandboxModel): RestApiModel[] {
  return model.apis.filter((api) => api.metadata?.role === REGISTRATION_ROLE);
}

function apiUrl(api: RestApiModel, endpoint: string): string {
  return `${endpoint}/_apis/${api.id}/${api.stages[0] ?? 'prod'}/`;
}

/** Resources of one construct share the beginning of their logical ids. */
function nearest<T extends Origin>(origin: Origin, candidates: readonly T[]): T | undefined {
  const shared = (candidate: T): number => {
    let length = 0;
    while (length < origin.logicalId.length && origin.logicalId[length] === candidate.logicalId[length]) length++;
    return candidate.stack === origin.stack ? length : -1;
  };
  return [...candidates].sort((a, b) => shared(b) - shared(a))[0];
}
