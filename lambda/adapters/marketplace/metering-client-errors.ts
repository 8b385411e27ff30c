import type { CallAnswer } from '../../domain/usage/ledger/outcome';

const THROTTLED = [
  'ThrottlingException', 'Throttling', 'ThrottledException', 'TooManyRequestsException', 'RequestLimitExceeded', 'SlowDown', 'RequestThrottled',
  'RequestThrottledException',
];
/** Refused for who calls, from where, or for which product: not for what is in the records. */
const ACCESS = [
  'DisabledApiException', 'InvalidProductCodeException', 'AccessDeniedException', 'AccessDenied', 'UnrecognizedClientException', 'InvalidClientTokenId',
  'ExpiredTokenException', 'ExpiredToken', 'RequestExpired', 'InvalidSignatureException', 'SignatureDoesNotMatch', 'IncompleteSignature',
  'MissingAuthenticationToken', 'MissingAuthenticationTokenException', 'OptInRequired', 'NotAuthorized', 'InvalidEndpointRegionException',
  'UnknownOperationException', 'InvalidAction',
];
/** Codes of errors before a connection existed: nothing was sent. */
const NEVER_CONNECTED = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'];

/**
 * Messages of errors before a request could be sent. The first is of `@smithy/node-http-handler`, which gives it the
 * name of any timeout and no code; the second is of Node.js, which gives it the code of any reset connection.
 */
const NEVER_CONNECTED_MESSAGES = [
  'did not establish a connection with the server',
  'Client network socket disconnected before secure TLS connection was established',
];

interface SdkError {
  readonly name?: string;
  readonly code?: string;
  readonly message?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
  readonly $fault?: string;
}

/**
 * What a failed call means for its records. Only an answer of the service with a status below 500, or a failure before
 * anything was sent, makes it certain that none was taken.
 */
export function answerOfError(thrown: unknown): CallAnswer {
  const error = (typeof thrown === 'object' && thrown !== null ? thrown : {}) as SdkError;
  const code = error.name ?? 'Error';
  const message = error.message ?? '';
  const status = error.$metadata?.httpStatusCode;
  if (THROTTLED.includes(code) || status === 429) {
    return { kind: 'REFUSED', cause: 'THROTTLED', code, message };
  }
  if (ACCESS.includes(code) || status === 401 || status === 403) {
    return { kind: 'REFUSED', cause: 'ACCESS', code, message };
  }
  if (code === 'CredentialsProviderError' || code === 'CredentialsError') {
    return { kind: 'REFUSED', cause: 'ACCESS', code, message };
  }
  if (NEVER_CONNECTED.includes(error.code ?? '') || NEVER_CONNECTED_MESSAGES.some((text) => message.includes(text))) {
    return { kind: 'REFUSED', cause: 'UNAVAILABLE', code: error.code ?? code, message };
  }
  if (status !== undefined && status >= 400 && status < 500 && status !== 408) {
    return { kind: 'REFUSED', cause: 'REQUEST', code, message };
  }
  return { kind: 'UNKNOWN', code, message };
}

/** Without credentials nothing was sent, whatever the reason. What may pass by itself is no error of configuration. */
export function answerOfCredentialsError(thrown: unknown): CallAnswer {
  const answer = answerOfError(thrown);
  if (answer.kind === 'UNKNOWN') {
    return { ...answer, kind: 'REFUSED', cause: 'UNAVAILABLE' };
  }
  return answer.kind === 'REFUSED' && answer.cause === 'REQUEST' ? { ...answer, cause: 'ACCESS' } : answer;
}
