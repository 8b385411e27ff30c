export type { LoggedCall } from './api/metering-counts';
export type { Fulfillment, PurchaseResult } from './world/fulfillment';
export { type FaultHook, Marketplace, type MarketplaceOptions, type MarketplaceState } from './marketplace';
export type { SettingView } from './settings/settings';
export { SETTINGS, type SettingName, type SettingValue } from './settings/catalog';
export type { Finding, InjectedFault, MeteringRecord, ProductConfig, ServiceName } from './world/types';
