import { Stack, Token } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as ses from 'aws-cdk-lib/aws-ses';
import { WelcomeEmailConfig } from './names';
import { checkEmailAddress, invalidProp, senderAddress } from './private/validate';
import { checkWords } from './private/welcome-email-words';

/** Your words in the welcome e-mail, in one language. */
export interface WelcomeEmailWords {
  /**
   * Subject of the e-mail, which is its heading too: 1 to 120 characters.
   *
   * @default - that the subscription to the product is registered
   */
  readonly subject?: string;

  /**
   * The paragraphs below it, at most 10 of 1 to 1,000 characters each. What follows them is made from what is configured: the link that confirms
   * the address, `nextSteps`, log-in and support. Nothing in the e-mail is what the buyer entered, so that no one can use it to write to others.
   *
   * @default - that the subscription is registered for this address
   */
  readonly paragraphs?: string[];
}

/**
 * How the welcome e-mail is sent.
 *
 * @example
 * WelcomeEmail.ses({
 *   identity: ses.EmailIdentity.fromEmailIdentityName(this, 'Identity', 'example.com'),
 *   sender: 'Acme <hello@example.com>',
 *   confirmAddress: true,
 * });
 */
export interface WelcomeEmailOptions extends WelcomeEmailWords {
  /** The verified domain, or address, from which Amazon SES sends, in the region of the stack. */
  readonly identity: ses.IEmailIdentity;

  /**
   * The sender: an address, or a name of ASCII characters and an address, such as `Acme <hello@example.com>`. A name with any of `,;:@()[]` is
   * in quotes: `"Acme, Inc." <hello@example.com>`.
   */
  readonly sender: string;

  /**
   * Where answers go.
   *
   * @default - to the sender
   */
  readonly replyTo?: string;

  /**
   * Whether the e-mail asks the buyer to confirm the address by a link, which works for 7 days. Registration does not wait for that; the event
   * `Buyer Email Confirmed` follows.
   *
   * @default false
   */
  readonly confirmAddress?: boolean;

  /**
   * Configuration set of SES, for reports of bounces and complaints. The tag `registrationId` of each e-mail names the registration.
   *
   * If the identity has a default configuration set, give it here too: SES then sends with it, and asks for permission on it, but the function may
   * send with the set that is given here and with no other. Without it, SES denies each e-mail.
   *
   * @see https://docs.aws.amazon.com/ses/latest/dg/managing-configuration-sets-default-adding.html
   * @default - none, for an identity that has no default configuration set
   */
  readonly configurationSet?: ses.IConfigurationSet;
}

/**
 * An e-mail to each buyer who has filled in the hosted page. It follows the event `Buyer Email Entered`, so no registration waits for it
 * or fails by it. Who corrects the address gets one at the new address.
 *
 * @see https://docs.aws.amazon.com/ses/latest/dg/request-production-access.html
 * @example
 * Registration.hostedPage({
 *   productName: 'Acme Backup',
 *   welcomeEmail: WelcomeEmail.ses({
 *     identity: ses.EmailIdentity.fromEmailIdentityName(this, 'Identity', 'example.com'),
 *     sender: 'Acme <hello@example.com>',
 *   }),
 * });
 */
export class WelcomeEmail {
  /**
   * Through Amazon SES. While the account is in the sandbox of SES, only verified addresses get e-mails.
   *
   * @param options sender, words, and whether the address is to be confirmed
   */
  public static ses(options: WelcomeEmailOptions): WelcomeEmail {
    return new WelcomeEmail(options);
  }

  private constructor(private readonly options: WelcomeEmailOptions) {
    const { identity, sender, replyTo } = options;
    const path = 'registration.welcomeEmail';
    const address = senderAddress(`${path}.sender`, sender);
    if (replyTo !== undefined) {
      checkEmailAddress(`${path}.replyTo`, replyTo);
    }
    checkWords(path, options);
    if (typeof identity?.emailIdentityName !== 'string') {
      throw invalidProp(`${path}.identity`, identity, 'give a ses.EmailIdentity, such as ses.EmailIdentity.fromEmailIdentityName()');
    }
    const name = identity.emailIdentityName;
    const domain = address.slice(address.indexOf('@') + 1).toLowerCase();
    if (!Token.isUnresolved(name) && name !== address && name !== domain && !domain.endsWith(`.${name}`)) {
      throw invalidProp(`${path}.sender`, sender, `give an address of the identity ${name}: SES sends for no other`);
    }
  }

  /** @internal */
  public _config(): WelcomeEmailConfig {
    const { sender, replyTo, subject, paragraphs, confirmAddress } = this.options;
    return { sender, replyTo, subject, paragraphs, confirmAddress };
  }

  /** @internal */
  public _configurationSetName(): string | undefined {
    return this.options.configurationSet?.configurationSetName;
  }

  /**
   * Lets a function send, from this identity and with this configuration set alone.
   *
   * @internal
   */
  public _grantSend(role: iam.Role): void {
    const { identity, configurationSet } = this.options;
    identity.grant(role, 'ses:SendEmail');
    if (configurationSet !== undefined) {
      role.addToPolicy(new iam.PolicyStatement({
        actions: ['ses:SendEmail'],
        resources: [Stack.of(role).formatArn({ service: 'ses', resource: 'configuration-set', resourceName: configurationSet.configurationSetName })],
      }));
    }
  }
}
