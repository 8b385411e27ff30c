const TIME_TEXT = /\d{4}-\d{2}-\d{2}T\d{2}(?::\d{2}(?::\d{2}(?:\.\d{1,9})?)?)?/g;
/** Epoch seconds or milliseconds. */
const EPOCH = /(?<![\d.])\d{10}(?:\d{3})?(?!\d)/g;
const MILLISECOND_DIGITS = 13;

/** Times (epoch milliseconds) in the text of a request: ISO 8601 in UTC, whole hours too, and epoch seconds or milliseconds. */
export function namedTimes(text: string): number[] {
  const times = (text.match(TIME_TEXT) ?? []).map((time) => Date.parse(`${time.padEnd(16, time.length === 13 ? ':00' : '')}Z`));
  const epochs = (text.match(EPOCH) ?? []).map((digits) => Number(digits) * (digits.length === MILLISECOND_DIGITS ? 1 : 1000));
  return [...times, ...epochs].filter((time) => !Number.isNaN(time));
}
