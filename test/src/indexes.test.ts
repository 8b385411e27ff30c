import { readFileSync } from 'fs';
import * as path from 'path';
import { integrate, resources } from './fixtures';

type Indexes = Record<string, Record<string, string>>;

/** Indexes of the tables as the last release created them; docs/architecture.md says when this file changes. */
const RELEASED = JSON.parse(readFileSync(path.join(__dirname, 'released-indexes.json'), 'utf8')) as Indexes;

const CURRENT: Indexes = Object.fromEntries(resources(integrate().template(), 'AWS::DynamoDB::GlobalTable').map(([id, { Properties }]) => [
  id.replace(/^Marketplace|.{8}$/g, ''),
  Object.fromEntries((Properties.GlobalSecondaryIndexes ?? []).map(({ IndexName, KeySchema, Projection }: any) =>
    [IndexName, [...KeySchema.map(({ AttributeName }: any) => AttributeName), Projection.ProjectionType].join(' ')])),
]));

/** One line for each index that a deployment would create, delete or change. */
function changes(from: Record<string, string> = {}, to: Record<string, string> = {}): string[] {
  return [...new Set([...Object.keys(from), ...Object.keys(to)])].filter((name) => from[name] !== to[name]);
}

/** Indexes whose keys or projection differ, which CloudFormation cannot change. */
const altered = (from: Record<string, string>, to: Record<string, string>) => changes(from, to).filter((name) => from[name] && to[name]);

test('a release has the tables of the last one', () => {
  expect(Object.keys(CURRENT).sort()).toEqual(Object.keys(RELEASED).sort());
});

test.each(Object.keys(RELEASED))('a release creates or deletes at most one index of the %s', (table) => {
  expect(changes(RELEASED[table], CURRENT[table]).length).toBeLessThanOrEqual(1);
});

test.each(Object.keys(RELEASED))('a release changes no key and no projection of an index of the %s', (table) => {
  expect(altered(RELEASED[table], CURRENT[table] ?? {})).toEqual([]);
});

test('the check finds two changes, and a changed key', () => {
  expect(changes({ a: 'pk sk ALL' }, { b: 'pk sk ALL' })).toEqual(['a', 'b']);
  expect(altered({ a: 'pk sk ALL' }, { a: 'pk other ALL' })).toEqual(['a']);
});
