export * from './claim-registration';
export * from './domain-events';
export * from './entitlements';
export * from './report-usage';
export type * from './schema-types';
