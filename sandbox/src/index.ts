export { SandboxClient, SandboxRequestError, startSandbox, type StartOptions } from './client';
export type { ArmedFaultView, EventRequest, FaultErrorRequest, FaultRequest, FaultService, PurchaseRequest } from './client/requests';
export type { LoggedCall } from './gateway/call-log';
export type { Finding, MeteringRecord, PurchaseResult } from './marketplace';
export type { ProductOptions } from './marketplace/app/given-products';
export type { SandboxState } from './services';
export type { ReadyLine } from './wiring/launch';
