import { welcomeEmail } from './welcome-email';
import { METRICS, type RegistrationConfig } from '../../src/names';
import type { Clock } from '../domain/clock';
import type { Log, MetricSink } from '../domain/ports';
import { type BuyerEmail, CONFIRMATION_SECONDS, mayWelcome } from '../domain/registration/buyer-email';
import { confirmationHash, confirmationId } from '../domain/registration/confirmation-link';
import { type BuyerEmailStore, EmailRefusedError, type EmailSender } from '../domain/registration/ports';

export interface WelcomeDependencies {
  readonly config: RegistrationConfig;
  /** The fulfillment URL, with a slash at its end. */
  readonly registrationUrl: string;
  readonly emails: BuyerEmailStore;
  /** Everything that an AWS account has registered, by an index: eventually consistent. */
  readonly ofAccount: (customerAwsAccountId: string) => Promise<readonly Pick<BuyerEmail, 'welcomedAt' | 'welcomes'>[]>;
  readonly sender: EmailSender;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: MetricSink;
  /** 256 random bits, as text that is safe in a URL. */
  readonly newSecret: () => string;
}

/**
 * Sends the welcome e-mail of a registration, once for each address that the buyer entered. The event may come twice, and the process may
 * stop between sending and noting it: then the e-mail comes twice, and the link in the later one works.
 *
 * @throws any error of SES or the table that may pass
 */
export async function sendWelcome(registrationId: string, deps: WelcomeDependencies): Promise<void> {
  const { config, emails, sender, clock, log, metrics } = deps;
  const buyer = await emails.read(registrationId);
  if (config.welcomeEmail === undefined || buyer === undefined || buyer.welcomedHash === buyer.emailHash) {
    return;
  }
  const now = clock.now();
  if (!mayWelcome(buyer, await deps.ofAccount(buyer.customerAwsAccountId), now)) {
    log.warn('A buyer gets no further welcome e-mail: too many addresses were entered', { registrationId });
    metrics.add(METRICS.WELCOME_EMAILS_REFUSED);
    return;
  }
  const confirmUrl = config.welcomeEmail.confirmAddress ? await offerConfirmation(buyer, deps, now) : undefined;
  if (config.welcomeEmail.confirmAddress && confirmUrl === undefined) {
    // Another address was entered meanwhile, whose own event follows.
    return;
  }
  try {
    await sender.send(config.welcomeEmail, buyer.email, await welcomeEmail(config, buyer, confirmUrl), registrationId);
    metrics.add(METRICS.WELCOME_EMAILS_SENT);
  } catch (error) {
    if (!(error instanceof EmailRefusedError)) {
      throw error;
    }
    log.warn('Amazon SES refuses to write to the address that a buyer entered', { registrationId, error: error.reason });
    metrics.add(METRICS.WELCOME_EMAILS_REFUSED);
  }
  await emails.noteWelcome(registrationId, buyer.emailHash, now);
  log.info('Welcome e-mail handled', { registrationId });
}

async function offerConfirmation(
  { registrationId, emailHash, language }: BuyerEmail, { emails, newSecret, registrationUrl }: WelcomeDependencies, now: number,
): Promise<string | undefined> {
  const secret = newSecret();
  const expiresAt = Math.floor(now / 1000) + CONFIRMATION_SECONDS;
  const offered = await emails.offerConfirmation(registrationId, { tokenHash: confirmationHash(secret), emailHash, expiresAt });
  const link = `${registrationUrl}confirm/${confirmationId(registrationId, secret)}${language === undefined ? '' : `?lang=${language}`}`;
  return offered ? link : undefined;
}
