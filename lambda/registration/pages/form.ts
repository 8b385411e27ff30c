import { html } from 'hono/html';
import { type Html, NOTHING, page, type PageContext, productOf } from './layout';
import { purchaseStrip } from './purchase';
import type { RegistrationFieldConfig, RegistrationFieldKind } from '../../../src/names';
import { defined } from '../../domain/defined';
import { ACCEPTED, DEFAULT_FIELDS, type FieldProblem, type FormValues } from '../../domain/registration/buyer-form';
import type { RegistrationSession } from '../../domain/registration/session';

export interface FormState {
  readonly csrfToken: string;
  /** Where the form goes: a relative URL. */
  readonly action: string;
  /** Absent when it could not be read. */
  readonly session?: RegistrationSession;
  readonly values?: FormValues;
  readonly problems?: Readonly<Record<string, FieldProblem>>;
  /** Saving what was entered failed. */
  readonly notSaved?: boolean;
}

const AUTOCOMPLETE: Readonly<Partial<Record<RegistrationFieldKind, string>>> = { EMAIL: 'email', NAME: 'name', COMPANY: 'organization', PHONE: 'tel' };
const INPUT_TYPE: Readonly<Partial<Record<RegistrationFieldKind, string>>> = { EMAIL: 'email', PHONE: 'tel' };

export function formPage(context: PageContext, state: FormState): Html {
  const { config, language: { texts } } = context;
  const { form } = texts;
  const { problems = {}, notSaved = false } = state;
  const fields = config.page?.fields ?? DEFAULT_FIELDS;
  const wrong = fields.filter(({ name }) => problems[name] !== undefined);
  const isWrong = wrong.length > 0 || notSaved;
  return page(context, defined({ title: form.title, prefix: isWrong ? form.error : undefined }), html`
<p class="soft">${form.intro(productOf(context))}</p>
${purchaseStrip(context, state.session)}
${notSaved ? html`<div class="problems" role="alert"><p><strong>${form.notSaved.title}</strong></p><p>${form.notSaved.text}</p></div>` : NOTHING}
${wrong.length === 0 ? NOTHING : html`<div class="problems" role="alert"><p><strong>${form.summary(wrong.length)}</strong></p><ul>
${wrong.map((field) => html`<li><a href="#${field.name}">${problemText(context, field, problems[field.name])}</a></li>`)}</ul></div>`}
<form method="post" action="${state.action}">
<input type="hidden" name="csrf" value="${state.csrfToken}">
${fields.map((field) => control(context, field, state, field === wrong[0]))}
<button type="submit" class="button">${notSaved ? form.tryAgain : form.submit}</button>
</form>
${config.privacyUrl === undefined ? NOTHING : html`<p class="small">${form.privacy} <a href="${config.privacyUrl}">${form.privacyLink}</a>.</p>`}`);
}

/** A word of the seller's, in the language of the page, else in English and marked as such. */
function sellerText(context: PageContext, kind: 'labels' | 'hints', { name, ...field }: RegistrationFieldConfig): { text?: string; lang?: string } {
  const { tag, words } = context.language;
  const translated = words?.[kind]?.[name];
  const text = translated ?? (kind === 'labels' ? field.label : field.hint);
  const isUntranslated = text !== undefined && translated === undefined && tag !== 'en';
  return defined({ text, lang: isUntranslated ? 'en' : undefined });
}

function labelOf(context: PageContext, field: RegistrationFieldConfig): { text: string; lang?: string } {
  const { text, lang } = sellerText(context, 'labels', field);
  return text !== undefined ? { text, lang } : { text: context.language.texts.form.labels[field.kind as 'EMAIL'] };
}

function problemText(context: PageContext, field: RegistrationFieldConfig, problem: FieldProblem = 'MISSING'): string {
  const { text } = labelOf(context, field);
  const { form } = context.language.texts;
  return form.problem(problem === 'MISSING' && field.kind === 'EMAIL' ? 'EMAIL' : problem === 'MISSING' && field.kind === 'CONSENT' ? 'CONSENT' : problem, text, field.maxLength);
}

function control(context: PageContext, field: RegistrationFieldConfig, { values = {}, problems = {} }: FormState, autofocus: boolean): Html {
  const { name, required } = field;
  const problem = problems[name];
  const hint = sellerText(context, 'hints', field);
  const described = [...hint.text === undefined ? [] : [`${name}-hint`], ...problem === undefined ? [] : [`${name}-problem`]].join(' ');
  const attributes = html`${required ? html` required` : NOTHING}${problem === undefined ? NOTHING : html` aria-invalid="true"`}${
    described === '' ? NOTHING : html` aria-describedby="${described}"`}${autofocus ? html` autofocus` : NOTHING}`;
  return html`${field.kind === 'CONSENT' ? consent(context, field, values[name], attributes) : labelled(context, field, values[name] ?? '', attributes)}
${problem === undefined ? NOTHING : html`<p class="problem" id="${name}-problem">${problemText(context, field, problem)}</p>`}
${hint.text === undefined ? NOTHING : html`<p class="hint" id="${name}-hint"${langOf(hint)}>${hint.text}</p>`}`;
}

function labelled(context: PageContext, field: RegistrationFieldConfig, value: string, attributes: Html): Html {
  const { form } = context.language.texts;
  const { name, kind, required, maxLength, choices = [] } = field;
  const label = labelOf(context, field);
  return html`<label for="${name}"${langOf(label)}>${label.text}${required ? NOTHING : html` <span>${form.optional}</span>`}</label>
${kind === 'CHOICE'
  ? html`<select id="${name}" name="${name}"${attributes}><option value="">${form.choose}</option>${
    choices.map((choice) => html`<option${choice === value ? html` selected` : NOTHING}>${choice}</option>`)}</select>`
  : html`<input id="${name}" name="${name}" type="${INPUT_TYPE[kind] ?? 'text'}" autocomplete="${AUTOCOMPLETE[kind] ?? 'off'}" maxlength="${maxLength}" value="${value}" dir="auto"${attributes}>`}`;
}

function consent(context: PageContext, field: RegistrationFieldConfig, value: string | undefined, attributes: Html): Html {
  const { form } = context.language.texts;
  const { name, url = '' } = field;
  const label = labelOf(context, field);
  return html`<label class="check" for="${name}"${langOf(label)}><input id="${name}" name="${name}" type="checkbox" value="${ACCEPTED}"${
    value === ACCEPTED ? html` checked` : NOTHING}${attributes}><b>${label.text} <a href="${url}" target="_blank" rel="noopener">${form.opensConsent}</a></b></label>`;
}

function langOf({ lang }: { lang?: string }): Html {
  return lang === undefined ? NOTHING : html` lang="${lang}"`;
}
