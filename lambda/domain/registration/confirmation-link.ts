import { createHash } from 'node:crypto';

/** The registration, and a secret that only the e-mail has; of that, the table has a hash. */
const LINK = /^(?<registrationId>[A-Za-z0-9-]{1,64})\.(?<secret>[A-Za-z0-9_-]{43})$/;

export interface ConfirmationLink {
  readonly registrationId: string;
  readonly tokenHash: string;
}

/** The last part of the path of a link that confirms an address. */
export function confirmationId(registrationId: string, secret: string): string {
  return `${registrationId}.${secret}`;
}

/** @returns undefined for what no link of ours can have */
export function readConfirmationId(id: string): ConfirmationLink | undefined {
  const parts = LINK.exec(id)?.groups;
  return parts && { registrationId: parts.registrationId, tokenHash: confirmationHash(parts.secret) };
}

export function confirmationHash(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}
