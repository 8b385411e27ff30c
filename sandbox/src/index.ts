export { SandboxClient, SandboxRequestError, startSandbox, type StartOptions } from './client';
export type { LoggedCall } from './control/call-log';
export type { SandboxState } from './control/state';
export type { ReadyLine } from './launch';
export type { Finding, MeteringRecord, PurchaseResult } from './marketplace';
