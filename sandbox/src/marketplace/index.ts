export type { LoggedCall } from './call-log';
export type { Fulfillment, PurchaseResult } from './fulfillment';
export { type FaultHook, Marketplace, type MarketplaceOptions, type MarketplaceState } from './marketplace';
export type { SettingView } from './settings';
export { SETTINGS, type SettingName, type SettingValue } from './settings-catalog';
export type { Finding, InjectedFault, MeteringRecord, ProductConfig, ServiceName } from './types';
