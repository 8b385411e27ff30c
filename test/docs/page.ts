import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A page of documentation, as a test reads it. */
export class Page {
  readonly text: string;

  constructor(path: string) {
    this.text = readFileSync(join(__dirname, '..', '..', path), 'utf8');
  }

  /** Contents of the fenced blocks in a language. */
  fences(language: string): string[] {
    return [...this.text.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)].filter(([, of]) => of === language).map(([, , content]) => content);
  }

  /** What links to headings of this page say behind the `#`. */
  anchors(): string[] {
    return [...this.text.replace(/^```[\s\S]*?^```$/gm, '').matchAll(/^#+ (.+)$/gm)]
      .map(([, heading]) => heading.toLowerCase().replace(/[^\w\- ]/g, '').replace(/ /g, '-'));
  }

  /** Rows of the tables whose first cell is code: that code, and the other cells. */
  rows(below: string): string[][] {
    const section = this.text.split(`\n${below}\n`)[1]?.split(/^#/m)[0] ?? '';
    return section.split('\n').filter((line) => line.startsWith('| `')).map((line) => line.split('|').slice(1, -1).map((cell) => cell.trim()));
  }

  /** Targets of links, without those to other hosts. */
  links(): string[] {
    return [...this.text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target).filter((target) => !/^https?:/.test(target));
  }
}
