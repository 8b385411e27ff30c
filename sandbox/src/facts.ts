import * as fs from 'node:fs';
import * as path from 'node:path';

const { repository } = JSON.parse(fs.readFileSync(path.join(__dirname, '../package.json'), 'utf8')) as { repository: { url: string } };
const DOCS = `${repository.url.replace(/\.git$/, '')}/blob/main/docs`;

/** Anchor of a section of docs/marketplace-facts.md: `f-6-1` for `6.1`. */
export function factAnchor(section: string): string {
  return `f-${section.replaceAll('.', '-')}`;
}

/** URL of a section of docs/marketplace-facts.md, for people who read a message or a setting. */
export function factUrl(section: string): string {
  return `${DOCS}/marketplace-facts.md#${factAnchor(section)}`;
}
