import type { FieldProblem } from '../../../domain/registration/buyer-form';
import type { ShownPendingReason } from '../../../domain/subscription/state';

type BuiltInField = 'EMAIL' | 'NAME' | 'COMPANY' | 'PHONE';

/** A title and a text below it. */
export interface Message {
  readonly title: string;
  readonly text: string;
}

/** All words of the pages in one language. A `product` is the product's name, or `thisProduct`. */
export interface Texts {
  /** Of this language, in this language. */
  readonly language: string;
  readonly thisProduct: string;
  readonly logIn: string;
  readonly logInTo: (product: string) => string;
  readonly strip: { readonly subscription: string; readonly account: string; readonly accountEnding: string; readonly trial: string };
  readonly form: {
    readonly title: string;
    readonly intro: (product: string) => string;
    readonly submit: string;
    readonly optional: string;
    readonly choose: string;
    readonly privacy: string;
    readonly privacyLink: string;
    readonly labels: Readonly<Record<BuiltInField, string>>;
    readonly opensConsent: string;
    readonly error: string;
    readonly summary: (count: number) => string;
    readonly problem: (problem: FieldProblem, label: string, maxLength: number) => string;
    readonly notSaved: Message;
    readonly tryAgain: string;
  };
  readonly done: {
    readonly badge: string;
    readonly title: string;
    readonly text: (product: string) => string;
    readonly registeredFor: string;
    readonly wrongAddress: string;
    /** About the welcome e-mail, which may be under way. */
    readonly emailSent: (address: string) => string;
    readonly emailToConfirm: (address: string) => string;
    readonly continueTo: (product: string) => string;
    readonly next: string;
    readonly billing: string;
  };
  readonly already: {
    readonly title: string;
    readonly text: (date: string | undefined, email: string | undefined) => string;
    readonly someoneElse: string;
    readonly another: string;
  };
  /** Why what was bought cannot be used yet. */
  readonly pending: Readonly<Record<ShownPendingReason, string>>;
  readonly ended: { readonly title: string; readonly text: (date: string | undefined) => string; readonly listing: string };
  /** The link in the welcome e-mail. */
  readonly confirm: {
    readonly title: string;
    readonly text: (product: string) => string;
    readonly button: string;
    readonly notYou: string;
    readonly done: string;
    readonly doneText: (product: string) => string;
  };
  readonly welcome: { readonly title: (product: string) => string; readonly text: (product: string) => string };
  readonly refusals: Readonly<Record<RefusalText, Message>>;
  readonly tryAgain: Message & { readonly button: string; readonly ifContinues: string };
  readonly back: { readonly button: string; readonly text: string };
  readonly support: {
    readonly first: string;
    readonly none: string;
    readonly reference: string;
    readonly questions: string;
    readonly helpCenter: string;
    readonly contact: string;
  };
  readonly footer: { readonly terms: string; readonly privacy: string; readonly purchased: string };
}

export type RefusalText = 'EXPIRED' | 'INVALID' | 'NO_TOKEN' | 'OTHER_PRODUCT' | 'NO_SESSION' | 'FORGED' | 'CONFIRMATION'
| 'NOT_A_FORM' | 'TOO_LARGE' | 'METHOD' | 'NOT_FOUND' | 'FAILED';
