export { SandboxClient, SandboxRequestError, startSandbox, type StartOptions } from './client';
export type { LoggedCall } from './gateway/call-log';
export type { Finding, MeteringRecord, PurchaseResult } from './marketplace';
export type { SandboxState } from './services';
export type { ReadyLine } from './wiring/launch';
