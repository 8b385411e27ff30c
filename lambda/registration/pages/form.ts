import { html } from 'hono/html';
import { type Html, page } from './layout';
import type { RegistrationConfig } from '../../../src/names';
import { BUYER_FIELDS, type BuyerDetails, type BuyerField } from '../../domain/registration/buyer-form';

export interface FormState {
  readonly csrfToken: string;
  /** Where the form goes: a relative URL. */
  readonly action: string;
  readonly values?: Partial<BuyerDetails>;
  readonly errors?: Readonly<Partial<Record<BuyerField, string>>>;
  readonly registeredBefore?: boolean;
}

const FIELDS = Object.keys(BUYER_FIELDS) as BuyerField[];

export function formPage(config: RegistrationConfig, state: FormState): Html {
  const product = config.productName ?? 'your subscription';
  const { errors = {} } = state;
  const wrong = FIELDS.filter((name) => errors[name] !== undefined);
  return page(config, `Set up your account for ${product}`, html`
<p>Thank you for subscribing through AWS Marketplace. Enter whom to contact, and your account is set up.</p>
${state.registeredBefore ? html`<p>This subscription was registered before. Sending the form again updates its contact.</p>` : ''}
${wrong.length === 0 ? '' : html`<div class="problems" role="alert"><p>Please correct:</p><ul>
${wrong.map((name) => html`<li><a href="#${name}">${errors[name]}</a></li>`)}</ul></div>`}
<form method="post" action="${state.action}">
<input type="hidden" name="csrf" value="${state.csrfToken}">
${FIELDS.map((name) => input(name, state))}
<button type="submit">Create account</button>
</form>`);
}

function input(name: BuyerField, { values = {}, errors = {} }: FormState): Html {
  const { label, type, autocomplete, maxLength } = BUYER_FIELDS[name];
  const problem = errors[name];
  return html`<label for="${name}">${label}</label>
<input id="${name}" name="${name}" type="${type}" autocomplete="${autocomplete}" maxlength="${maxLength}" value="${values[name] ?? ''}" required${
  problem === undefined ? '' : html` aria-invalid="true" aria-describedby="${name}-problem"`}>
${problem === undefined ? '' : html`<p class="problem" id="${name}-problem">${problem}</p>`}`;
}

export function confirmationPage(config: RegistrationConfig): Html {
  const { productName = 'this product', loginUrl } = config;
  return page(config, 'Your account is registered', html`
<p>Thank you. Your AWS Marketplace subscription and your account for ${productName} are connected.</p>
<h2>What happens next</h2>
<ol>
<li>AWS Marketplace confirms the subscription, usually within a few minutes. You need not wait here.</li>
<li>We contact you at the email address you gave, with how to get started.</li>
${loginUrl === undefined ? '' : html`<li><a href="${loginUrl}">Log in to ${productName}</a> to use it.</li>`}
</ol>
<p>You can see and end the subscription in the AWS console, under AWS Marketplace, Manage subscriptions.</p>`);
}
