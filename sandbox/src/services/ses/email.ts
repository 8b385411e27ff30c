/** An email that the app sent. It went nowhere. */
export interface SentEmail {
  /** ISO 8601, virtual. */
  readonly time: string;
  readonly messageId: string;
  /** Logical id of the function that sent it; null for other callers. */
  readonly function: string | null;
  readonly from: string;
  readonly to: readonly string[];
  readonly cc: readonly string[];
  readonly bcc: readonly string[];
  readonly replyTo: readonly string[];
  /** Null in a raw message or a template. */
  readonly subject: string | null;
  readonly text: string | null;
  readonly html: string | null;
  /** The message as it was given, headers included, when the app made it itself. */
  readonly raw?: string;
  /** A template of SES, with its data, as it was given: the sandbox does not fill it in. */
  readonly template?: { readonly name: string; readonly data: string };
}

/** What a request of either version of the API asks for. */
export type EmailContent = Omit<SentEmail, 'time' | 'messageId' | 'function'>;

/** `buyer@example.com`, of `The Buyer <buyer@example.com>`. */
export function addressOf(mailbox: string): string {
  return /<([^<>]+)>\s*$/.exec(mailbox)?.[1] ?? mailbox.trim();
}
