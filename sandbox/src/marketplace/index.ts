export { MARKETPLACE_APIS } from './apis';
export { Marketplace, type MarketplaceOptions, type MarketplaceView } from './marketplace';
export type { MarketplaceCall } from './api/wire';
export type { SettingView } from './settings/settings';
export { SETTINGS, type SettingName, type SettingValue } from './settings/catalog';
export type { Fulfillment, PurchaseResult } from './world/fulfillment';
export type { Finding, MeteringRecord, ProductConfig, ServiceName } from './world/types';
