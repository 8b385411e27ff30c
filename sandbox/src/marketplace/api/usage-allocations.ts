import { MAX_ALLOCATIONS, MAX_QUANTITY, MAX_TAGS } from './limits';
import { structure, wrongType } from './shapes';
import { WireError } from './wire';
import type { UsageAllocation } from '../world/types';

const MAX_KEY = 100;
const MAX_VALUE = 256;
/** As in AWS's model, where ` -=` is a range of characters: docs/marketplace-facts.md#f-6-8. */
const TAG_PATTERN = /^[a-zA-Z0-9+ -=._:/@]+$/;

/**
 * Checks a record's usage allocations: docs/marketplace-facts.md#f-6-8.
 * @throws WireError InvalidUsageAllocationsException, InvalidTagException
 */
export function parseAllocations(list: readonly unknown[], quantity: number, path: string): readonly UsageAllocation[] {
  if (list.length < 1 || list.length > MAX_ALLOCATIONS) {
    throw invalidAllocations(path, `there are ${list.length} allocations; 1 to ${MAX_ALLOCATIONS} are allowed`);
  }
  const allocations = list.map((item, index) => parseAllocation(item, `${path}.${index + 1}.member`));
  const sum = allocations.reduce((total, allocation) => total + allocation.AllocatedUsageQuantity, 0);
  if (sum !== quantity) {
    throw invalidAllocations(path, `allocated are ${sum}, the record's quantity is ${quantity}`);
  }
  const tagSets = new Set(allocations.map((allocation) => tagSet(allocation)));
  if (tagSets.size < allocations.length) {
    throw invalidAllocations(path, 'two allocations have the same set of tags');
  }
  const keys = new Set(allocations.flatMap((allocation) => (allocation.Tags ?? []).map((tag) => tag.Key)));
  if (keys.size > MAX_TAGS) {
    throw invalidTag(path, `the allocations of a record use ${keys.size} different tag keys; at most ${MAX_TAGS} are allowed`);
  }
  return allocations;
}

function parseAllocation(item: unknown, path: string): UsageAllocation {
  const members = structure(item, path);
  const allocated = members.AllocatedUsageQuantity;
  if (typeof allocated !== 'number' || !Number.isInteger(allocated) || allocated < 0 || allocated > MAX_QUANTITY) {
    throw invalidAllocations(path, `AllocatedUsageQuantity is ${JSON.stringify(allocated)}, must be an integer from 0 to ${MAX_QUANTITY}`);
  }
  const { Tags } = members;
  if (Tags === undefined || Tags === null) {
    return { AllocatedUsageQuantity: allocated };
  }
  if (!Array.isArray(Tags)) {
    throw wrongType(`${path}.tags`, 'a list');
  }
  if (Tags.length < 1 || Tags.length > MAX_TAGS) {
    throw invalidTag(path, `an allocation has ${Tags.length} tags; 1 to ${MAX_TAGS} are allowed, or leave Tags out`);
  }
  const tags = Tags.map((tag) => parseTag(tag, `${path}.tags`));
  if (new Set(tags.map((tag) => tag.Key)).size < tags.length) {
    throw invalidTag(path, 'an allocation has a tag key twice');
  }
  return { AllocatedUsageQuantity: allocated, Tags: tags };
}

function parseTag(item: unknown, path: string): { Key: string; Value: string } {
  const { Key, Value } = structure(item, path);
  return { Key: tagPart(Key, 'key', MAX_KEY, path), Value: tagPart(Value, 'value', MAX_VALUE, path) };
}

function tagPart(value: unknown, name: string, maximum: number, path: string): string {
  if (typeof value !== 'string' || value.length < 1 || value.length > maximum || !TAG_PATTERN.test(value)) {
    throw invalidTag(path, `a tag ${name} has 1 to ${maximum} characters of ${TAG_PATTERN.source}`);
  }
  return value;
}

function tagSet({ Tags = [] }: UsageAllocation): string {
  return JSON.stringify(Tags.map((tag) => [tag.Key, tag.Value]).sort());
}

function invalidAllocations(path: string, detail: string): WireError {
  return new WireError('InvalidUsageAllocationsException',
    `Sum of allocated usage quantities is not equal to the usage quantity, or the allocations are invalid: ${detail} (${path})`);
}

function invalidTag(path: string, detail: string): WireError {
  return new WireError('InvalidTagException', `The tag is invalid, or the number of tags is greater than 5: ${detail} (${path})`);
}
