import { html } from 'hono/html';
import { BACK_TO_MARKETPLACE, type Html, page } from './layout';
import type { RegistrationConfig } from '../../../src/names';

export function welcomePage(config: RegistrationConfig): Html {
  const { productName = 'this product' } = config;
  return page(config, `Welcome to ${productName}`, html`
<p>This is where AWS Marketplace sends you to set up your account after you have subscribed to ${productName}.</p>
<p>To set it up:</p>
${BACK_TO_MARKETPLACE}`);
}

const REFUSALS = {
  EXPIRED: ['This registration link has expired', 'A link from AWS Marketplace works for a few hours.'],
  INVALID: ['This registration link is not valid', 'AWS Marketplace does not recognize the link you came with.'],
  NO_TOKEN: ['Something is missing', 'You came here without the registration that AWS Marketplace sends along.'],
  OTHER_PRODUCT: ['This is a different product', 'The registration you came with belongs to another product.'],
  NO_SESSION: ['Your registration session has ended', 'It lasts for an hour, in the browser you started in, with cookies allowed.'],
  FORGED: ['The form could not be accepted', 'It was not sent from the page we gave you, or your session has changed since.'],
} as const;

export type Refusal = keyof typeof REFUSALS;

/** What the buyer cannot correct here: a new start from AWS Marketplace helps. */
export function refusalPage(config: RegistrationConfig, reason: Refusal): Html {
  const [title, explanation] = REFUSALS[reason];
  return page(config, title, html`<p>${explanation} Please start again from AWS Marketplace.</p>${BACK_TO_MARKETPLACE}`);
}

/**
 * AWS or we are unavailable: the token, which must be stored nowhere, goes back to where it came from, as a hidden
 * field of a page that no cache keeps.
 */
export function tryAgainPage(config: RegistrationConfig, action: string, fields: Readonly<Record<string, string>>): Html {
  return page(config, 'Please try again in a moment', html`
<p>We could not confirm your registration with AWS Marketplace just now. Your subscription is not affected.</p>
<form method="post" action="${action}">
${Object.entries(fields).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)}
<button type="submit">Try again</button>
</form>
<p>If this continues:</p>
${BACK_TO_MARKETPLACE}`);
}

export function notSavedPage(config: RegistrationConfig): Html {
  return page(config, 'Your account is not set up yet', html`
<p>We could not save what you entered. Please go back in your browser and send the form again in a moment.</p>`);
}

export function simplePage(config: RegistrationConfig, title: string, text: string): Html {
  return page(config, title, html`<p>${text}</p>${BACK_TO_MARKETPLACE}`);
}
