const PNG = Buffer.from('89504e470d0a1a0a', 'hex');

export interface ImageSize {
  readonly type: 'image/svg+xml' | 'image/png';
  readonly width: number;
  readonly height: number;
}

/** @returns undefined for what is neither an SVG nor a PNG image, or has no size */
export function imageSize(bytes: Buffer): ImageSize | undefined {
  if (bytes.subarray(0, 8).equals(PNG) && bytes.length > 24) {
    return sized('image/png', bytes.readUInt32BE(16), bytes.readUInt32BE(20));
  }
  const [tag] = /<svg[\s>][^>]*>?/.exec(bytes.toString('utf8')) ?? [];
  if (tag === undefined) {
    return undefined;
  }
  const [, boxWidth, boxHeight] = /\sviewBox\s*=\s*["'][\s,]*[\d.+-]+[\s,]+[\d.+-]+[\s,]+([\d.]+)[\s,]+([\d.]+)/.exec(tag) ?? [];
  const length = (name: string) => new RegExp(`\\s${name}\\s*=\\s*["']\\s*([\\d.]+)(?:px)?\\s*["']`).exec(tag)?.[1];
  return sized('image/svg+xml', Number(boxWidth ?? length('width')), Number(boxHeight ?? length('height')));
}

function sized(type: ImageSize['type'], width: number, height: number): ImageSize | undefined {
  return width > 0 && height > 0 ? { type, width: Math.max(1, Math.round(width)), height: Math.max(1, Math.round(height)) } : undefined;
}

/** What an SVG image of a page that loads nothing must not have; undefined when there is nothing of it. */
export function svgProblem(svg: string): string | undefined {
  const problems: readonly (readonly [RegExp, string])[] = [
    [/<\s*script/i, 'scripts'],
    [/\son[a-z]+\s*=/i, 'event handlers'],
    [/<\s*foreignObject/i, 'foreignObject'],
    [/<!\s*(?:DOCTYPE|ENTITY)/i, 'a document type or entities'],
    [/javascript:/i, 'scripts'],
    [/(?:href|src)\s*=\s*["']\s*(?!#|data:image\/)/i, 'references to other files'],
    [/@import|url\(\s*["']?\s*(?!#|data:image\/|["'])/i, 'references to other files'],
  ];
  return problems.find(([pattern]) => pattern.test(svg))?.[1];
}
