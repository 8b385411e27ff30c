import { fail, isGiven } from './invalid';
import { RejectionReason as R } from './rejection';
import { type TagSet, tagSetOf } from '../ledger/amounts';
import { MAX_TAG_KEYS } from '../ledger/freeze';

/** Letters, digits, space and `+-=._:/@` (docs/marketplace-facts.md#f-6-8: AWS's own pattern allows more than it seems to). */
const CHARACTERS = /^[a-zA-Z0-9 +\-=._:/@]+$/;
const MAX_KEY = 100;
const MAX_VALUE = 256;

/** Vendor-metered tags of one usage record: one to five pairs. An empty object means the same as no tags. */
export function checkTags(tags: unknown): TagSet {
  if (!isGiven(tags)) {
    return tagSetOf(undefined);
  }
  if (typeof tags !== 'object' || Array.isArray(tags)) {
    fail(R.INVALID_TAGS, 'tags must be an object of strings');
  }
  const pairs = Object.entries(tags as Record<string, unknown>);
  if (pairs.length > MAX_TAG_KEYS) {
    fail(R.TOO_MANY_TAGS, `tags has ${pairs.length} keys: at most ${MAX_TAG_KEYS} are allowed`);
  }
  for (const [key, value] of pairs) {
    if (key.length > MAX_KEY || !CHARACTERS.test(key)) {
      fail(R.INVALID_TAG_KEY, `tag key ${JSON.stringify(key.slice(0, 120))} must be 1 to ${MAX_KEY} letters, digits, spaces or +-=._:/@`);
    }
    if (typeof value !== 'string' || value.length > MAX_VALUE || !CHARACTERS.test(value)) {
      fail(R.INVALID_TAG_VALUE, `value of tag ${JSON.stringify(key)} must be a string of 1 to ${MAX_VALUE} letters, digits, spaces or +-=._:/@`);
    }
  }
  return tagSetOf(tags as Readonly<Record<string, string>>);
}
