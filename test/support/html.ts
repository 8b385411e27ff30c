/** An element of a page: enough of HTML for what our pages have (void elements, no optional end tags). */
export interface Element {
  readonly tag: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: Element[];
  /** Text of this element and those in it. */
  text: string;
}

const VOID = new Set(['meta', 'input', 'br', 'link', 'img', 'hr']);
const RAW = new Set(['style', 'script']);
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"' };

/** @throws Error when the markup is not well formed: an end tag that fits nothing, an element left open */
export function parseHtml(html: string): Element {
  const root: Element = { tag: '#root', attributes: {}, children: [], text: '' };
  const open: Element[] = [root];
  const tokens = /<!DOCTYPE html>|<\/([a-z0-9]+)>|<([a-z0-9]+)((?:\s+[a-z-]+(?:="[^"<>]*")?)*)\s*>|([^<]+)/gi;
  let position = 0;
  for (let match = tokens.exec(html); match !== null; match = tokens.exec(html)) {
    if (match.index !== position) {
      throw new Error(`Not HTML: ${html.slice(position, position + 80)}`);
    }
    position = tokens.lastIndex;
    const [, end, start, attributes = '', text] = match;
    const parent = open.at(-1) as Element;
    if (text !== undefined) {
      open.forEach((element) => { element.text += RAW.has(parent.tag) && element !== parent ? '' : decode(text); });
    } else if (start !== undefined) {
      const element: Element = { tag: start, attributes: readAttributes(attributes), children: [], text: '' };
      parent.children.push(element);
      if (!VOID.has(start)) {
        open.push(element);
      }
    } else if (end !== undefined && open.pop()?.tag !== end) {
      throw new Error(`</${end}> closes nothing`);
    }
  }
  if (position !== html.length || open.length !== 1) {
    throw new Error(`Left open: ${open.map((element) => element.tag).join(' ')}; rest: ${html.slice(position, position + 80)}`);
  }
  return root;
}

/** All elements of a tag, in document order. */
export function all(element: Element, tag: string): Element[] {
  return element.children.flatMap((child) => [...(child.tag === tag ? [child] : []), ...all(child, tag)]);
}

function readAttributes(text: string): Record<string, string> {
  return Object.fromEntries([...text.matchAll(/([a-z-]+)(?:="([^"]*)")?/gi)].map(([, name, value]) => [name, decode(value ?? '')]));
}

function decode(text: string): string {
  return text.replace(/&(?:#(\d+)|([a-z]+));/g, (_, code: string | undefined, name: string) =>
    code === undefined ? ENTITIES[name] ?? `&${name};` : String.fromCodePoint(Number(code)));
}
