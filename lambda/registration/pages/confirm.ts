import { html } from 'hono/html';
import { type Html, page, type PageContext, productOf } from './layout';
import { CHECK } from './registered';
import { maskEmail } from '../../domain/registration/masking';

/** A buyer has followed the link in the welcome e-mail. */
export function confirmPage(context: PageContext, email: string, action: string): Html {
  const { confirm } = context.language.texts;
  return page(context, { title: confirm.title }, html`
<p class="soft">${confirm.text(productOf(context))}</p>
<p><strong>${maskEmail(email)}</strong></p>
<form method="post" action="${action}">
<button type="submit" class="button">${confirm.button}</button>
</form>
<p class="small">${confirm.notYou}</p>`);
}

export function confirmedPage(context: PageContext, email: string): Html {
  const { confirm } = context.language.texts;
  return page(context, { title: confirm.done, above: html`<p class="ok">${CHECK}${maskEmail(email)}</p>` }, html`
<p class="soft">${confirm.doneText(productOf(context))}</p>`);
}
