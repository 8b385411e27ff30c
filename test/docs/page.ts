import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A page of documentation, as a test reads it. */
export class Page {
  readonly text: string;

  constructor(path: string) {
    this.text = readFileSync(join(__dirname, '..', '..', path), 'utf8');
  }

  /** Contents of the fenced blocks in a language, those inside of lists included. */
  fences(language: string, text = this.text): string[] {
    return [...text.matchAll(/^( *)```(\w*)\n([\s\S]*?)^ *```$/gm)].filter(([, , of]) => of === language)
      .map(([, indent, , content]) => content.replaceAll(new RegExp(`^${indent}`, 'gm'), ''));
  }

  /** The same, of one section: what is between its heading and the next one of any level. */
  fencesBelow(heading: string, language: string): string[] {
    return this.fences(language, this.text.split(`\n${heading}\n`)[1]?.split(/^#+ /m)[0] ?? '');
  }

  /** What a link to a part of this page may say after the `#`: GitHub's names of the headings, and explicit `<a id>` anchors. */
  anchors(): string[] {
    const headings = [...this.prose().matchAll(/^#+ (.+)$/gm)]
      .map(([, heading]) => heading.toLowerCase().replace(/\]\([^)]*\)/g, '').replace(/[^\w\- ]/g, '').replace(/ /g, '-'));
    const numbered = headings.map((anchor, index) => {
      const before = headings.slice(0, index).filter((other) => other === anchor).length;
      return before === 0 ? anchor : `${anchor}-${before}`;
    });
    return [...numbered, ...[...this.prose().matchAll(/<a id="([^"]+)">/g)].map(([, id]) => id)];
  }

  /** Rows of the tables whose first cell is code: that code, and the other cells. */
  rows(below: string): string[][] {
    const section = this.text.split(`\n${below}\n`)[1]?.split(/^#/m)[0] ?? '';
    return section.split('\n').filter((line) => line.startsWith('| `')).map((line) => line.split('|').slice(1, -1).map((cell) => cell.trim()));
  }

  /** Targets of links, inline or defined below the text, without those to other hosts. */
  links(): string[] {
    const inline = [...this.prose().matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target);
    return [...inline, ...this.definitions().values()].filter((target) => !/^(https?|mailto):/.test(target));
  }

  /** Labels in square brackets for which the page defines no target, on a page that defines some. */
  undefinedLabels(): string[] {
    const defined = this.definitions();
    if (defined.size === 0) {
      return [];
    }
    const text = this.prose().replace(/`[^`\n]*`/g, '').replace(/^\[[^\]\n]+\]: .*$/gm, '');
    const labels = [...text.matchAll(/\[([^[\]\n]+)\](?![[(:])/g)].map(([, label]) => label);
    return [...new Set(labels)].filter((label) => !defined.has(label.toLowerCase()));
  }

  /** Targets of the link definitions (`[label]: target`), by label in lower case. */
  private definitions(): Map<string, string> {
    return new Map([...this.prose().matchAll(/^\[([^\]\n]+)\]: (\S+)/gm)].map(([, label, target]) => [label.toLowerCase(), target]));
  }

  /** The page without its fenced blocks. */
  private prose(): string {
    return this.text.replace(/^ *```[\s\S]*?^ *```$/gm, '');
  }
}
