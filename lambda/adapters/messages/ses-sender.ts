import { domainToASCII } from 'node:url';
import { SendEmailCommand, type SESv2Client } from '@aws-sdk/client-sesv2';
import type { WelcomeEmailConfig } from '../../../src/names';
import { defined } from '../../domain/defined';
import { type EmailMessage, EmailRefusedError, type EmailSender } from '../../domain/registration/ports';

/** What SES answers to an address that it cannot send to, and to other faults of a request, such as a configuration set that was deleted. */
const BAD_REQUESTS: ReadonlySet<string> = new Set(['BadRequestException', 'InvalidParameterValue']);

/** Only the message says which of them it is, such as "Illegal address" or "Domain contains illegal character". */
const ABOUT_ADDRESS = /\b(?:address|domain|local name|user name)\b/i;
const ABOUT_REST = /configuration set|\btags?\b|not verified/i;

/** Amazon SES, version 2 of its API. */
export class SesSender implements EmailSender {
  /** @param configurationSet undefined: none, as the identity has no default either */
  constructor(private readonly client: Pick<SESv2Client, 'send'>, private readonly configurationSet?: string) {}

  async send({ sender, replyTo }: WelcomeEmailConfig, to: string, { subject, text, html }: EmailMessage, registrationId: string): Promise<void> {
    const utf8 = (data: string) => ({ Data: data, Charset: 'UTF-8' });
    try {
      await this.client.send(new SendEmailCommand(defined({
        FromEmailAddress: sender,
        Destination: { ToAddresses: [asciiDomain(to)] },
        ReplyToAddresses: replyTo === undefined ? undefined : [replyTo],
        Content: { Simple: { Subject: utf8(subject), Body: { Text: utf8(text), Html: utf8(html) } } },
        ConfigurationSetName: this.configurationSet,
        // Names the registration in the events of SES, such as bounces.
        EmailTags: [{ Name: 'registrationId', Value: registrationId }],
      })));
    } catch (error) {
      // SES repeats the address in its message, so neither error has it.
      const { name, message } = error instanceof Error ? error : new Error();
      if (BAD_REQUESTS.has(name) && ABOUT_ADDRESS.test(message) && !ABOUT_REST.test(message)) {
        throw new EmailRefusedError(name);
      }
      throw new Error(`SES did not take an e-mail: ${name}. Its sender, its configuration set, or the limits of SES in this account, may be the reason.`);
    }
  }
}

/** SES takes domains in ASCII only. */
function asciiDomain(address: string): string {
  const at = address.lastIndexOf('@') + 1;
  return `${address.slice(0, at)}${domainToASCII(address.slice(at)) || address.slice(at)}`;
}
