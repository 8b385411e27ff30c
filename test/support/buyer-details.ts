import type { BuyerDetails } from '../../lambda/domain/registration/buyer-form';

/** What a buyer enters into the form: every field that it has by default. */
export const DETAILS = { email: 'jo@example.com', contactName: 'Jo Doe', company: 'Example Corp' } satisfies BuyerDetails;
