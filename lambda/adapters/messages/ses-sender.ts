import { domainToASCII } from 'node:url';
import { SendEmailCommand, type SESv2Client } from '@aws-sdk/client-sesv2';
import type { WelcomeEmailConfig } from '../../../src/names';
import { defined } from '../../domain/defined';
import { type EmailMessage, EmailRefusedError, type EmailSender } from '../../domain/registration/ports';

/** The address is at fault, and trying again never helps. */
const REFUSALS: ReadonlySet<string> = new Set(['BadRequestException', 'InvalidParameterValue']);

/** Amazon SES, version 2 of its API. */
export class SesSender implements EmailSender {
  /** @param configurationSet undefined: that of the identity */
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
      const name = error instanceof Error ? error.name : '';
      if (REFUSALS.has(name)) {
        // SES repeats the address in its message.
        throw new EmailRefusedError(name);
      }
      throw new Error(`SES did not take an e-mail: ${name}. Its sender, or the limits of SES in this account, may be the reason.`);
    }
  }
}

/** SES takes domains in ASCII only. */
function asciiDomain(address: string): string {
  const at = address.lastIndexOf('@') + 1;
  return `${address.slice(0, at)}${domainToASCII(address.slice(at)) || address.slice(at)}`;
}
