import { html } from 'hono/html';
import { type Html, NOTHING, type PageContext } from './layout';
import { accountEnding } from '../../domain/registration/masking';
import type { RegistrationSession } from '../../domain/registration/session';

/** What was bought, and from which AWS account: a buyer who was sent here by someone else can see that it is not their own. */
export function purchaseStrip(context: PageContext, session: RegistrationSession | undefined): Html {
  const { config: { productName }, language: { texts: { strip } } } = context;
  if (session === undefined) {
    return NOTHING;
  }
  const { freeTrialHint, customerAwsAccountId } = session;
  const trial = freeTrialHint ? strip.trial : undefined;
  return html`<dl class="strip">
${productName === undefined && trial === undefined ? NOTHING : html`<div><dt>${strip.subscription}</dt><dd>${
  productName === undefined ? trial : html`<bdi>${productName}</bdi>${trial === undefined ? NOTHING : html` <span class="badge">${trial}</span>`}`}</dd></div>`}
<div><dt>${strip.account}</dt><dd><span aria-hidden="true">•••• •••• </span><span class="vh">${strip.accountEnding} </span>${accountEnding(customerAwsAccountId)}</dd></div>
</dl>`;
}
