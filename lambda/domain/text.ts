/** The first characters of a text, cut between characters: half a surrogate pair cannot be stored or sent. */
export function cutText(text: string, maxLength: number): string {
  const splitsPair = text.length > maxLength && /[\uD800-\uDBFF]/.test(text[maxLength - 1]);
  return text.slice(0, splitsPair ? maxLength - 1 : maxLength);
}

/** The text with each half of a surrogate pair replaced by U+FFFD: neither DynamoDB nor EventBridge accepts halves. */
export function wellFormed(text: string): string {
  return Buffer.from(text).toString();
}
