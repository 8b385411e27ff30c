export { SandboxClient, SandboxRequestError, startSandbox, type StartOptions } from './client/index';
export type { LoggedCall } from './gateway/call-log';
export type { SandboxState } from './control/state';
export type { ReadyLine } from './wiring/launch';
export type { Finding, MeteringRecord, PurchaseResult } from './marketplace';
