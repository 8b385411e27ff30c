import { CHECKS } from './checks';
import { asExpected, notTried, otherwise, Result } from './observation';
import { createReport, exitCode, printed } from './report';
import { Page } from '../docs/page';

const check = { id: 'two-hops', question: 'Does it arrive?', source: 'docs/marketplace-facts.md#f-11-6' };
const at = '2026-11-28T12:00:00.000Z';
const results: readonly Result[] = [
  { check, ...otherwise('the event did not arrive', { fact: 'Two hops fail.', setting: { name: 'events.timePrecision', value: 'seconds' } }) },
  { check: { ...check, id: 'one-hop' }, ...asExpected('the event arrived') },
  { check: { ...check, id: 'alarm-heartbeat' }, ...notTried('takes long') },
];

test('the report has observations, settings for the sandbox, and lines for the fact page', () => {
  expect(createReport({ at, place: 'us-east-1', results, rehearsal: false, left: [] })).toMatchObject({
    at,
    place: 'us-east-1',
    results,
    settings: { 'events.timePrecision': 'seconds' },
    facts: ['- Two hops fail. **W** (us-east-1, 2026-11-28; for docs/marketplace-facts.md#f-11-6)'],
  });
});

test('a person reads a table, the settings, the lines, and what is left to look at', () => {
  expect(printed(createReport({ at, place: 'us-east-1', results, rehearsal: false, left: ['queue https://q: AccessDenied'] })).split('\n')).toEqual([
    'Live check, us-east-1, 2026-11-28T12:00:00.000Z',
    'two-hops         OTHERWISE    the event did not arrive',
    'one-hop          AS_EXPECTED  the event arrived',
    'alarm-heartbeat  NOT_TRIED    takes long',
    '',
    'Settings of the sandbox:',
    '  events.timePrecision: "seconds"',
    '',
    'Lines for docs/marketplace-facts.md:',
    '- Two hops fail. **W** (us-east-1, 2026-11-28; for docs/marketplace-facts.md#f-11-6)',
    '',
    'For a person:',
    expect.stringMatching(/^\[ \] Does the listing form .* accept the FulfillmentUrl/),
    expect.stringMatching(/^\[ \] /),
    expect.stringMatching(/^\[ \] /),
    '',
    'STILL THERE:',
    'queue https://q: AccessDenied',
  ]);
});

test('a rehearsal states no fact about AWS', () => {
  expect(createReport({ at, place: 'rehearsal', results, rehearsal: true, left: [] })).toMatchObject({ settings: {}, facts: [] });
});

test('the exit code is 1 when something is otherwise, or still there', () => {
  const report = (only: readonly Result[], left: readonly string[]) => createReport({ at, place: 'us-east-1', results: only, rehearsal: false, left });
  expect(exitCode(report(results, []))).toBe(1);
  expect(exitCode(report(results.slice(1), []))).toBe(0);
  expect(exitCode(report(results.slice(1), ['a table']))).toBe(1);
});

test('each check has an id of its own, and the page describes it', () => {
  const ids = CHECKS.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(new Page('docs/live-check.md').rows('## Checks').map(([id]) => id)).toEqual(ids.map((id) => `\`${id}\``));
});
