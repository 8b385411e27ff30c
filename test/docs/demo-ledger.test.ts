import { balanceOf } from '../../examples/typescript/demo/ledger';

const LICENSE = 'l-0123456789abcdef0123456789abcdef';
const ARN = `arn:aws:license-manager::123456789012:license:${LICENSE}`;

type Items = Parameters<typeof balanceOf>[2];

const reported = (quantity: number) => [{ id: 'a', license: LICENSE, dimension: 'ApiCalls', quantity, time: '2026-11-29T08:00:00Z' }];
const metered = (...quantities: number[]) => quantities.map((quantity, h) => ({
  licenseArn: ARN, licenseId: LICENSE, dimension: 'ApiCalls', hour: `2026-11-29T0${8 + h}:00:00Z`, quantity,
} as Parameters<typeof balanceOf>[1][number]));
const pk = (hour: number) => `B#${LICENSE}#ApiCalls#2026-11-29T0${hour}`;
const meta = (hour: number, state: string, quantity?: number) => ({ pk: pk(hour), sk: 'META', type: 'Bucket', state, quantity });
const record = (hour: number, amount: number) => ({ pk: pk(hour), sk: 'R#a', type: 'UsageRecord', amount: String(amount) });
const out = (hour: number, amount: number) => ({ pk: pk(hour), sk: 'O#1', type: 'CarriedOut', amount: String(amount), to: `2026-11-29T0${hour + 1}` });
const carried = (hour: number, amount: number) =>
  ({ pk: pk(hour), sk: 'I#1', type: 'CarriedIn', amount: String(amount), source: `2026-11-29T0${hour - 1}` });

const row = (quantity: number, marketplace: number[], items: Items) => balanceOf(reported(quantity), metered(...marketplace), items)[0];

test.each<[string, number, number[], Items, object]>([
  ['billed', 7, [7], [record(8, 7), meta(8, 'BILLED', 7)], { metered: 7, pending: 0 }],
  ['still open', 7, [], [record(8, 7), meta(8, 'OPEN')], { metered: 0, pending: 7 }],
  ['under way, with or without success', 7, [7], [record(8, 7), meta(8, 'FROZEN', 7)], { metered: 0, pending: 7 }],
  ['unresolved, for a person to settle', 7, [7], [record(8, 7), meta(8, 'UNRESOLVED', 7)], { metered: 0, unresolved: 7, pending: 0 }],
  ['carried', 7, [4, 3], [record(8, 7), meta(8, 'BILLED', 4), out(8, 3), carried(9, 3), meta(9, 'BILLED', 3)], { metered: 7, pending: 0 }],
])('the demo reports no fault for usage that is %s', (_what, quantity, marketplace, items, expected) => {
  expect(row(quantity, marketplace, items)).toMatchObject({ faults: [], balances: true, ...expected });
});

test.each<[string, number, number[], Items, string]>([
  ['billed twice', 7, [7, 7], [record(8, 7), meta(8, 'BILLED', 7), meta(9, 'BILLED', 7)], '2026-11-29T09 gave away 7 more than it had'],
  ['billed by somebody else', 7, [7, 5], [record(8, 7), meta(8, 'BILLED', 7)], '2026-11-29T09: AWS Marketplace has 5, the ledger 0'],
  ['not billed, though the ledger says so', 7, [], [record(8, 7), meta(8, 'BILLED', 7)], '2026-11-29T08: AWS Marketplace has 0, the ledger 7'],
  ['lost on its way', 7, [4], [record(8, 7), meta(8, 'BILLED', 4), out(8, 3)], '3 left 2026-11-29T08 for 2026-11-29T09, where 0 arrived'],
])('the demo reports a fault for usage that is %s', (_what, quantity, marketplace, items, fault) => {
  expect(row(quantity, marketplace, items)).toMatchObject({ faults: [fault], balances: false });
});

test('the demo reports that usage does not balance when the ledger never received it', () => {
  expect(row(7, [], [])).toMatchObject({ reported: 7, pending: 0, faults: [], balances: false });
});
