import type { BuyerDetails } from '../domain/registration/buyer-form';

/** Sends a message of plain text to the seller's team. */
export type SendToTeam = (subject: string, text: string) => Promise<void>;

/** The members of `Buyer Registered` that the message shows. */
export interface RegisteredBuyer {
  readonly registrationId: string;
  readonly customerAwsAccountId?: string | undefined;
  readonly licenseId?: string | undefined;
  readonly productCode?: string | undefined;
  readonly status?: string | undefined;
  readonly registeredBefore?: boolean | undefined;
}

/**
 * A message about a buyer who has registered, with what the buyer entered. It is read here, because events and logs have no personal data.
 *
 * @param details undefined when nothing was entered, or it was deleted since
 */
export function contactMessage(buyer: RegisteredBuyer, details: BuyerDetails | undefined): string {
  const lines: (readonly [string, string | undefined])[] = [
    ['AWS account', buyer.customerAwsAccountId],
    ['Subscription', buyer.licenseId],
    ['Status', buyer.status],
    ['Registered before', buyer.registeredBefore === undefined ? undefined : buyer.registeredBefore ? 'yes' : 'no'],
    ['Registration', buyer.registrationId],
    ['Product', buyer.productCode],
  ];
  const { email, contactName, company, phone, language, answers = {}, consents = {} } = details ?? {};
  const contact: (readonly [string, string | undefined])[] = [
    ['E-mail', email], ['Name', contactName], ['Company', company], ['Phone', phone], ['Language', language],
    ...Object.entries(answers),
    ...Object.entries(consents).map(([id, { url, acceptedAt }]) => [id, `accepted ${acceptedAt}, ${url}`] as const),
  ];
  const show = (all: typeof lines) => all.filter(([, value]) => value !== undefined).map(([name, value]) => `${name}: ${value}`).join('\n');
  return `A buyer has registered.\n\n${show(lines)}\n\n${details === undefined ? 'There are no contact data of this registration.' : show(contact)}\n`;
}
