import { readFileSync } from 'fs';
import { RegistrationLogoConfig } from './names';
import { imageSize, svgProblem } from './private/image';
import { invalidProp } from './private/validate';

const MAX_LOGO_BYTES = 16_384;

/**
 * How the pages look that a buyer sees.
 *
 * @example
 * const brand: RegistrationBrand = {
 *   name: 'Acme',
 *   logo: RegistrationLogo.fromFile('logo.svg'),
 *   accentColor: '#4f3df5',
 * };
 */
export interface RegistrationBrand {
  /**
   * Name of the company, 1 to 100 characters on one line.
   *
   * @default - the name of the product
   */
  readonly name?: string;

  /**
   * The logo, shown 36 pixels high. A logo that is wider than 1.6 times its height is taken to have the name in it; beside another one the
   * name is written.
   *
   * @default - the first letter of the name, on the accent color
   */
  readonly logo?: RegistrationLogo;

  /**
   * The logo on a dark background.
   *
   * @default - `logo`
   */
  readonly darkLogo?: RegistrationLogo;

  /**
   * Color of links and buttons, `#rrggbb`. It has a contrast of at least 4.5 on the light pages; the color of text on it, and its lighter
   * shade for dark mode, are computed.
   *
   * @default - a blue
   * @see https://www.w3.org/TR/WCAG22/#contrast-minimum
   */
  readonly accentColor?: string;
}

/**
 * A logo, which becomes a part of each page: a page loads nothing.
 *
 * @example
 * RegistrationLogo.fromFile('logo.svg');
 */
export class RegistrationLogo {
  /**
   * An image that is read at synthesis. The size of the file is a part of the size of each page: up to 3 KB keep pages below 12 KB.
   *
   * @param path an SVG or PNG file of at most 16 KB; an SVG file without scripts, event handlers and references to other files
   */
  public static fromFile(path: string): RegistrationLogo {
    const bytes = readFileSync(path);
    if (bytes.length > MAX_LOGO_BYTES) {
      throw invalidProp('logo', `${path} of ${bytes.length} bytes`, `give a file of at most ${MAX_LOGO_BYTES} bytes, which is a part of every page`);
    }
    const image = imageSize(bytes);
    if (!image) {
      throw invalidProp('logo', path, 'give an SVG file with a viewBox, or a width and a height, or a PNG file');
    }
    const problem = image.type === 'image/svg+xml' ? svgProblem(bytes.toString('utf8')) : undefined;
    if (problem) {
      throw invalidProp('logo', path, `give an SVG file without ${problem}`);
    }
    const { type, ...size } = image;
    return new RegistrationLogo({ dataUri: `data:${type};base64,${bytes.toString('base64')}`, ...size });
  }

  private constructor(private readonly config: RegistrationLogoConfig) {}

  /** @internal */
  public _config(): RegistrationLogoConfig {
    return this.config;
  }
}
