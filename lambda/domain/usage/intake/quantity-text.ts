export const MAX_DECIMALS = 12;

/** 0 to 10^12, at most 12 decimals; zeros may lead and trail. */
const PLAIN = `^(0*(\\d{1,12}(\\.\\d{1,${MAX_DECIMALS}}0*)?|10{12}(\\.0+)?)|\\.\\d{1,${MAX_DECIMALS}}0*)$`;

/** `1.5E-7` of Java and Python, `0.15e-6` of Ruby: one digit before the point. */
const SCIENTIFIC = `^(${[
  '(0|0?\\.0+)[eE][-+]?\\d{1,3}',
  '\\d[eE]-0{0,2}([1-9]|1[0-2])',
  `\\d\\.(${negativeExponents().join('|')})`,
  `\\d(\\.\\d{1,${MAX_DECIMALS}}0*)?[eE]\\+?0{0,2}(\\d|1[01])`,
  '(0(\\.\\d{1,12}0*)?|1(\\.0+)?)[eE]\\+?0?12',
  '0\\.10*[eE]\\+?0?13',
].join('|')})$`;

/** The more the exponent moves the point, the fewer decimals are left. */
function negativeExponents(): string[] {
  return Array.from({ length: MAX_DECIMALS }, (_each, index) => index + 1).map((exponent) => {
    const decimals = exponent === MAX_DECIMALS ? '0+' : `\\d{1,${MAX_DECIMALS - exponent}}0*`;
    return `${decimals}[eE]-0{0,2}${exponent}`;
  });
}

/** Texts that are an exact quantity within the limits. The published schema has the same patterns: a validator of any language agrees. */
export const QUANTITY_PATTERNS = [PLAIN, SCIENTIFIC] as const;
export const MAX_QUANTITY_LENGTH = 100;

const WITHIN_LIMITS = QUANTITY_PATTERNS.map((pattern) => new RegExp(pattern));
const NUMBER = /^-?(\d+(\.\d+)?|\.\d+)([eE][-+]?\d{1,3})?$/;

export function isQuantityText(text: string): boolean {
  return text.length <= MAX_QUANTITY_LENGTH && WITHIN_LIMITS.some((pattern) => pattern.test(text));
}

/** Whether the text is a number at all, within the limits of a quantity or not. */
export function isNumberText(text: string): boolean {
  return text.length <= MAX_QUANTITY_LENGTH && NUMBER.test(text);
}
