import { addressOf } from './email';
import { bodyOf, readEmail, V2_PATH } from './read-request';
import { AwsError } from '../../errors';
import { callerArn, record, text, UnknownRequestError, type ActionMapper } from '../../iam/action-request';

const SENDING = ['SendEmail', 'SendRawEmail', 'SendTemplatedEmail'];

/** A policy may name the sender's address, or its domain: which of them is verified, no template says for sure. */
export const sesActions: ActionMapper = (call, account) => {
  if (!SENDING.includes(call.operation)) {
    throw new UnknownRequestError(`the sandbox knows only the operations ${SENDING.join(', ')} of ses, not ${call.operation || call.request.path}`);
  }
  const identity = (name: string) => callerArn(call, account, 'ses', `identity/${name}`);
  const from = senderOf(() => addressOf(readEmail(call).from));
  const isV2 = call.request.path === V2_PATH;
  const body = isV2 ? bodyOf(call) : {};
  const isRaw = isV2 && record(body.Content).Raw !== undefined;
  const action = `ses:${isRaw ? 'SendRawEmail' : call.operation}`;
  const configurationSet = text(body.ConfigurationSetName);
  return [
    { action, resource: identity(from), alternatives: [identity(from.slice(from.lastIndexOf('@') + 1))] },
    ...configurationSet === undefined ? [] : [{ action, resource: callerArn(call, account, 'ses', `configuration-set/${configurationSet}`) }],
  ];
};

function senderOf(read: () => string): string {
  try {
    return read();
  } catch (error) {
    if (error instanceof AwsError) {
      throw new UnknownRequestError(error.message);
    }
    throw error;
  }
}
