import { WelcomeEmailWordsConfig } from '../names';
import { checkText, invalidProp } from './validate';

/** The words that a seller gave, once they are checked. */
export function checkWords(path: string, { subject, paragraphs }: WelcomeEmailWordsConfig): WelcomeEmailWordsConfig {
  if (subject !== undefined) {
    checkText(`${path}.subject`, subject, 120);
  }
  paragraphs?.forEach((paragraph, index) => checkText(`${path}.paragraphs[${index}]`, paragraph, 1000));
  if (paragraphs !== undefined && (paragraphs.length === 0 || paragraphs.length > 10)) {
    throw invalidProp(`${path}.paragraphs`, paragraphs, 'give 1 to 10 paragraphs');
  }
  return { subject, paragraphs };
}

