import type { BuyerDetails } from '../../lambda/domain/registration/buyer-form';

/** What a buyer enters into the form: every field of it. */
export const DETAILS: BuyerDetails = { company: 'Example Corp', contactName: 'Jo Doe', email: 'jo@example.com' };
