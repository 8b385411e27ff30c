import { PAGE_COLORS, RegistrationColors } from '../names';

/** The least contrast of text, by WCAG 2.2, success criterion 1.4.3. */
export const LEAST_CONTRAST = 4.5;

type Rgb = readonly [number, number, number];
const WHITE: Rgb = [255, 255, 255];
const BLACK: Rgb = [0, 0, 0];

/** Contrast of two colors, `#rrggbb` each, by WCAG 2.2: 1 to 21. */
export function contrast(one: string, other: string): number {
  const [darker = 0, lighter = 0] = [luminance(rgbOf(one)), luminance(rgbOf(other))].sort((a, b) => a - b);
  return (lighter + 0.05) / (darker + 0.05);
}

/** Contrast of a color as text in light mode: on the page, which is a little darker than the card. */
export function contrastOnPage(color: string): number {
  return Math.min(...Object.values(PAGE_COLORS.light).map((background) => contrast(color, background)));
}

/** The nearest darker shade of a color that can be text in light mode. */
export function darkerShade(color: string): string {
  return shade(color, BLACK, Object.values(PAGE_COLORS.light));
}

/** All colors of the pages that follow from the accent color. */
export function colorsOf(accent: string): RegistrationColors {
  const darkAccent = shade(accent, WHITE, Object.values(PAGE_COLORS.dark));
  return { accent, onAccent: textOn(accent), darkAccent, onDarkAccent: textOn(darkAccent) };
}

/** Black or white: on any color, one of them has a contrast of at least 4.58. */
function textOn(color: string): string {
  return contrast(color, '#ffffff') >= LEAST_CONTRAST ? '#ffffff' : '#000000';
}

/** Mixed with black or white in steps of 2 % until there is enough contrast on each background. */
function shade(color: string, target: Rgb, backgrounds: readonly string[]): string {
  for (let part = 0; part < 1; part += 0.02) {
    const mixed = hex(rgbOf(color).map((value, index) => Math.round(value + (target[index]! - value) * part)));
    if (backgrounds.every((background) => contrast(mixed, background) >= LEAST_CONTRAST)) {
      return mixed;
    }
  }
  return hex(target);
}

function luminance(rgb: Rgb): number {
  const [red, green, blue] = rgb.map((value) => value / 255).map((value) => value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
}

function rgbOf(color: string): Rgb {
  return [1, 3, 5].map((at) => parseInt(color.slice(at, at + 2), 16)) as unknown as Rgb;
}

function hex(rgb: readonly number[]): string {
  return `#${rgb.map((value) => value.toString(16).padStart(2, '0')).join('')}`;
}
