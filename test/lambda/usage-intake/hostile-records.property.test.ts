import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import fc from 'fast-check';
import { tagsOf } from '../../../lambda/domain/usage/ledger/amounts';
import { Intake } from '../../../lambda/usage-intake/intake';
import { readMessage } from '../../../lambda/usage-intake/message';
import { LocalDynamo, startDynamo } from '../../support/dynoxide';
import { LICENSE, NO_ENDED_LICENSES, LedgerFixture } from '../../support/ledger/ledger-fixture';
import { collect, TableStores, tableStores } from '../../support/ledger/table-stores';

const GOOD = { id: 'a', license: LICENSE, dimension: 'ApiCalls', quantity: 3, time: '2026-11-23T04:30:00Z' };
const MEMBERS = ['__proto__', 'constructor', 'toString', 'valueOf', 'hasOwnProperty', '__defineGetter__'];

let dynamo: LocalDynamo;
beforeAll(async () => { dynamo = await startDynamo(); });
afterAll(async () => dynamo.stop());

/** Real AWS refuses half a surrogate pair, which the embedded engine may accept. */
function refuseHalfPairs(client: DynamoDBDocumentClient): void {
  client.middlewareStack.add((next) => (args) => {
    JSON.stringify(args.input, (_key, value) => {
      if (typeof value === 'string' && Buffer.from(value).toString() !== value) {
        throw new Error('SerializationException');
      }
      return value;
    });
    return next(args);
  }, { step: 'initialize' });
}

/** Texts with halves of surrogate pairs at any place, also around the lengths at which messages are cut. */
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.constantFrom(...MEMBERS, '\ud83d', '\udcb6', '\u0000', '', '#', 'META'),
  fc.tuple(fc.integer({ min: 110, max: 125 }), fc.constantFrom('\u{1F4B6}', '\ud83d', 'é')).map(([length, end]) => 'x'.repeat(length) + end.repeat(3)),
);
const tagPairs = fc.array(fc.tuple(fc.oneof(fc.constantFrom(...MEMBERS), text), fc.oneof(fc.constantFrom(...MEMBERS), text)), { maxLength: 5 });
const tags = tagPairs.map((pairs) => Object.fromEntries(pairs));
const field = fc.oneof(text, fc.jsonValue(), fc.constantFrom({ toString: 1, valueOf: 1 }), tags);
const record = fc.oneof(
  fc.record({
    id: fc.oneof(fc.uuid(), field),
    license: fc.oneof(fc.constant(LICENSE), field),
    dimension: field,
    metric: field,
    quantity: field,
    time: field,
    tags: field,
  }, { requiredKeys: [] }).map((fields) => ({ ...GOOD, ...fields })),
  fc.record({ id: fc.oneof(fc.uuid(), fc.constantFrom(...MEMBERS, '#', 'META', '"', '\\')), tags })
    .map((fields) => ({ ...GOOD, ...fields })),
  field,
);

async function start(): Promise<{ stores: TableStores; intake: Intake }> {
  const stores = await tableStores(dynamo);
  const { deps } = new LedgerFixture();
  return { stores, intake: new Intake({ ...deps, store: stores.intake, endedLicenses: NO_ENDED_LICENSES, closeGrace: deps.rules.closeGrace }) };
}

test('every record gets a verdict and every rejection is stored, whatever the record contains', async () => {
  refuseHalfPairs(dynamo.documentClient);
  await fc.assert(fc.asyncProperty(fc.array(record, { maxLength: 8 }), fc.oneof(text, fc.json()), async (records, body) => {
    const { stores, intake } = await start();
    const incoming = [...records.map((original) => ({ original })), ...readMessage(body)];
    const taken = await intake.take(incoming);
    expect(taken.filter(({ status }) => status === 'FAILED')).toEqual([]);

    const bucket = { KeyConditionExpression: 'pk = :pk', ExpressionAttributeValues: { ':pk': `B#${LICENSE}#ApiCalls#2026-11-23T04` } };
    const lines = new Map((await collect(stores.table.query(bucket))).map((item) => [item.sk, item]));
    taken.forEach((result, index) => {
      // Tags of a quantity of 0 split nothing: they are not stored.
      if (result.status === 'ACCEPTED' && lines.get(`R#${result.id}`)?.amount !== '0') {
        const sent = incoming[index].original as { readonly tags?: Readonly<Record<string, string>> | null };
        const [tagSet = '[]'] = Object.keys(lines.get(`R#${result.id}`)?.amountByTags ?? {});
        expect(tagsOf(tagSet).sort()).toEqual(Object.entries(sent.tags ?? {}).sort());
      }
    });
    expect(await intake.take(incoming)).toEqual(taken.map((result) => (result.status === 'ACCEPTED' ? { ...result, status: 'DUPLICATE' } : result)));
  }), { numRuns: 50 });
}, 120_000);

test('a message that is nested too deeply for a writer of JSON is stored as rejected', async () => {
  const { intake } = await start();
  for (const body of ['['.repeat(100_000) + ']'.repeat(100_000), `{"id":${'['.repeat(100_000)}${']'.repeat(100_000)}}`]) {
    expect(await intake.take(readMessage(body))).toMatchObject([{ status: 'REJECTED' }]);
  }
});
