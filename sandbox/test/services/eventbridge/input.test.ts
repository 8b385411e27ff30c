import type { EventBridgeEvent } from '../../../src/ports';
import { renderInput } from '../../../src/services/eventbridge/input';

const event: EventBridgeEvent = {
  'version': '0',
  'id': 'e-1',
  'detail-type': 'Subscription Activated',
  'source': 'marketplace-saas',
  'account': '000000000000',
  'time': '2026-11-23T05:00:00Z',
  'region': 'us-east-1',
  'resources': ['arn:a', 'arn:b'],
  'detail': { 'licenseId': 'l-1', 'note': 'say "hi"', 'items': [{ name: 'x' }, { name: 'y' }], 'unit-price': 2, 'buyer': { id: 7 } },
};

function transformed(template: string, pathsMap: Record<string, string>, rule?: { arn: string; name: string }): string {
  return renderInput({ inputTransformer: { pathsMap, template } }, event, rule);
}

test('the whole event, unless said otherwise', () => {
  expect(JSON.parse(renderInput({}, event))).toEqual(event);
});

test('a target may get a constant', () => {
  expect(renderInput({ input: '{"run":"now"}' }, event)).toBe('{"run":"now"}');
});

test.each<[string, unknown]>([
  ['$', event],
  ['$.detail.licenseId', 'l-1'],
  ['$.detail-type', 'Subscription Activated'],
  ['$.resources[1]', 'arn:b'],
  ['$.detail.items[0].name', 'x'],
  ['$.detail.items[*].name', ['x', 'y']],
  ["$.detail['unit-price']", 2],
  ['$.detail.missing', null],
  ['$.detail.licenseId.deeper', null],
])('the part at %s', (inputPath, expected) => {
  expect(JSON.parse(renderInput({ inputPath }, event))).toEqual(expected);
});

test('a path EventBridge does not take is an error', () => {
  expect(() => renderInput({ inputPath: 'detail' }, event)).toThrow('"detail" is not a JSON path');
  expect(() => renderInput({ inputPath: '$.detail[?(@.a)]' }, event)).toThrow('from "[?(@.a)]" on');
});

describe('a template', () => {
  const paths = { id: '$.detail.licenseId', buyer: '$.detail.buyer', note: '$.detail.note', price: '$.detail.unit-price', none: '$.detail.missing' };

  test('a template of JSON gets values of any kind', () => {
    expect(JSON.parse(transformed('{"id": <id>, "buyer": <buyer>, "price": <price>, "none": <none>}', paths)))
      .toEqual({ id: 'l-1', buyer: { id: 7 }, price: 2, none: null });
  });

  test('a template gets texts inside its texts, and stays valid JSON', () => {
    expect(JSON.parse(transformed('"License <id> at <price>: <note>, <buyer>, <none>."', paths)))
      .toBe('License l-1 at 2: say "hi", {"id":7}, .');
  });

  test('a template is not misled by escaped quotes', () => {
    expect(JSON.parse(transformed('{"text": "\\"<id>\\"", "id": <id>}', paths))).toEqual({ text: '"l-1"', id: 'l-1' });
  });

  test('knows the variables of EventBridge', () => {
    const rule = { arn: 'arn:aws:events:us-east-1:000000000000:rule/r', name: 'r' };
    const { detail, ...envelope } = event;
    expect(detail).toBeDefined();
    expect(JSON.parse(transformed('{"arn": <aws.events.rule-arn>, "name": "<aws.events.rule-name>", "at": <aws.events.event.ingestion-time>}', {}, rule)))
      .toEqual({ arn: rule.arn, name: 'r', at: event.time });
    expect(JSON.parse(transformed('<aws.events.event.json>', {}))).toEqual(event);
    expect(JSON.parse(transformed('{"event": <aws.events.event>}', {}))).toEqual({ event: envelope });
  });
});

describe('EventBridge Scheduler', () => {
  const schedule = { arn: 'arn:aws:scheduler:us-east-1:000000000000:schedule/default/hourly', name: 'hourly' };

  test('fills in its context attributes, in texts too', () => {
    const input = '{"at":"<aws.scheduler.scheduled-time>","by":"<aws.scheduler.schedule-arn>","run":"<aws.scheduler.execution-id>/<aws.scheduler.attempt-number>","x":"<aws.scheduler.none>"}';
    expect(JSON.parse(renderInput({ input }, event, schedule, 3))).toEqual({ at: '2026-11-23T05:00:00Z', by: schedule.arn, run: 'e-1/3', x: '<aws.scheduler.none>' });
  });

  test('a schedule without an input sends an event of its own', () => {
    expect(JSON.parse(renderInput({}, event, schedule))).toMatchObject({ source: 'aws.scheduler', resources: [schedule.arn], time: '2026-11-23T05:00:00Z', detail: '{}' });
  });

  test('attributes mean nothing to the input of a rule', () => {
    const input = '{"at":"<aws.scheduler.scheduled-time>"}';
    expect(renderInput({ input }, event, { arn: 'arn:aws:events:us-east-1:000000000000:rule/hourly', name: 'hourly' })).toBe(input);
  });
});
