import { ENGLISH } from './english';
import type * as French from './french';
import type * as German from './german';
import type { Texts } from './texts';
import type { RegistrationConfig, RegistrationLanguageConfig } from '../../../../src/names';

/* eslint-disable @typescript-eslint/no-require-imports -- files of their own in the bundle, for sellers who have chosen these languages */
/** Every language that has words beside English. */
const TEXTS: Readonly<Record<string, () => Texts>> = {
  de: () => (require('./german') as typeof German).GERMAN,
  fr: () => (require('./french') as typeof French).FRENCH,
};
/* eslint-enable @typescript-eslint/no-require-imports */

/** The language of one page. */
export interface PageLanguage {
  readonly tag: string;
  readonly texts: Texts;
  /** The seller's words in it; absent in English, which is what the seller wrote first. */
  readonly words?: RegistrationLanguageConfig;
}

const IN_ENGLISH: PageLanguage = { tag: 'en', texts: ENGLISH };

export function languagesOf({ page: { languages = [] } = {} }: RegistrationConfig): readonly PageLanguage[] {
  return [IN_ENGLISH, ...languages.flatMap((words) => {
    const texts = TEXTS[words.tag];
    return texts === undefined ? [] : [{ tag: words.tag, texts: texts(), words }];
  })];
}

/** What the buyer chose on the page, else the first language of the browser that the pages have, else English. */
export function chooseLanguage(config: RegistrationConfig, chosen: string | undefined, acceptLanguage: string | undefined): PageLanguage {
  const known = languagesOf(config);
  const of = (tag: string | undefined) => known.find((language) => language.tag === tag);
  return of(chosen) ?? preferred(acceptLanguage ?? '').map(of).find((language) => language !== undefined) ?? IN_ENGLISH;
}

/** Primary tags of an Accept-Language header, most wanted first: `de-AT;q=0.8` counts as `de`. */
function preferred(header: string): string[] {
  return header.split(',').slice(0, 20)
    .map((part) => {
      const [tag = '', quality = 'q=1'] = part.trim().toLowerCase().split(';').map((item) => item.trim());
      return { tag: tag.split('-')[0] ?? '', weight: Number(/^q=([01](?:\.\d{0,3})?)$/.exec(quality)?.[1] ?? 0) };
    })
    .filter(({ weight }) => weight > 0)
    .sort((a, b) => b.weight - a.weight)
    .map(({ tag }) => tag);
}
