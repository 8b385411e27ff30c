import * as z from 'zod/mini';
import { contactMessage, type SendToTeam } from './send-contact';
import { sendWelcome, type WelcomeDependencies } from './send-welcome';
import { DetailType } from '../../src/names';
import type { BuyerDetails } from '../domain/registration/buyer-form';

const text = z.string().check(z.minLength(1));
const event = z.object({
  'detail-type': text,
  'detail': z.object({
    registrationId: text,
    customerAwsAccountId: z.optional(text),
    licenseId: z.optional(text),
    productCode: z.optional(text),
    status: z.optional(text),
    registeredBefore: z.optional(z.boolean()),
  }),
});

export interface BuyerMessagesDependencies extends WelcomeDependencies {
  /** What the buyer entered; undefined: nothing, or it was deleted since. */
  readonly buyer: (registrationId: string) => Promise<BuyerDetails | undefined>;
  /** One for each topic that gets what buyers entered. */
  readonly contactTopics: readonly SendToTeam[];
}

/** Writes to buyers and to the seller's team when events of registration come; at least once. */
export function buyerMessagesHandler(deps: BuyerMessagesDependencies): (event: unknown) => Promise<void> {
  return async (given) => {
    try {
      const parsed = event.safeParse(given);
      if (!parsed.success) {
        throw new Error('Received what is no event of a registration: it has no detail-type, or no detail.registrationId');
      }
      const { 'detail-type': detailType, detail } = parsed.data;
      if (detailType === DetailType.BUYER_EMAIL_ENTERED) {
        await sendWelcome(detail.registrationId, deps);
      } else if (detailType === DetailType.BUYER_REGISTERED) {
        const message = contactMessage(detail, await deps.buyer(detail.registrationId));
        await Promise.all(deps.contactTopics.map(async (send) => send('A buyer has registered', message)));
        deps.log.info('The team has a message about a buyer', { registrationId: detail.registrationId, topics: deps.contactTopics.length });
      }
    } finally {
      deps.metrics.flush();
    }
  };
}
