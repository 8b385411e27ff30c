import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { Code, Function, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Page } from './page';
import type { AttentionKind } from '../../lambda/adapters/usage/items';
import { readAgreementEvent } from '../../lambda/domain/subscription/agreement-event';
import { createHandler } from '../../lambda/metering/handler';
import { replay } from '../../lambda/reconciliation/replay';
import { claimRegistration } from '../../lambda/registration/claim-registration';
import { RegistrationDependencies } from '../../lambda/registration/dependencies';
import { Dimension, SaasPricingModel } from '../../src';
import { INDEX_SHARDS, Keys, SubscriptionIndex, UsageIndex } from '../../src/names';
import { integrate, resources } from '../src/fixtures';
import { at, fact, factsOf } from '../support/facts';
import { FakeBus, PRODUCT } from '../support/integration';
import { LedgerFixture } from '../support/ledger/ledger-fixture';
import { SILENT } from '../support/telemetry';

/** The integration, and a function of the app that processes its events. */
function templateOfApp() {
  const { integration, stack, template: ofApp } = integrate();
  const target = new LambdaFunction(new Function(stack, 'Provision', { runtime: Runtime.NODEJS_24_X, handler: 'index.handler', code: Code.fromInline('//') }));
  integration.onSubscriptionActivated('OnActivated', { target });
  return ofApp();
}

const page = new Page('docs/runbook.md');
const template = templateOfApp();
const contract = integrate({ pricingModel: SaasPricingModel.CONTRACT, dimensions: [Dimension.entitled('Users')] }).template();
const shell = page.fences('sh').join('\n');
const payloads = [
  ...page.fences('json').map((text) => JSON.parse(text)),
  ...[...shell.matchAll(/^ask "\$\w+" '(.*)'$/gm)].map(([, text]) => JSON.parse(text)),
];
const asked = (member: string) => payloads.filter((payload) => member in payload);
const CONTEXT = { getRemainingTimeInMillis: () => 300_000 };

describe('the sections of the runbook', () => {
  const named = [template, contract].flatMap((one) => resources(one, 'AWS::CloudWatch::Alarm')).map(([, { Properties }]) => /runbook\.md#([a-z-]+)$/.exec(Properties.AlarmDescription)?.[1]);

  test('cover every alarm', () => {
    expect(page.anchors()).toEqual(expect.arrayContaining(named));
  });

  test('the sections of the runbook say what each alarm means, what is at stake, how to look, what to do and when it is over', () => {
    const sections = page.text.split(/^## /m).slice(2);
    expect(sections.map((section) => section.split('\n')[0]).sort()).toEqual([...new Set(named)].sort());
    for (const section of sections) {
      const missing = ['What it means', 'At stake', 'Look', 'Fix', 'Over'].filter((part) => !section.includes(`\n**${part}`));
      expect([section.split('\n')[0], missing]).toEqual([expect.any(String), []]);
    }
  });
});

test('messages reach their dead-letter queue after the time on the page', () => {
  const minutes = (queue: string) => {
    const [[, { Properties }]] = resources(template, 'AWS::SQS::Queue').filter(([id]) => id.includes(queue));
    return (Properties.VisibilityTimeout * Properties.RedrivePolicy.maxReceiveCount) / 60;
  };
  const [usage, agreements] = [minutes('UsageIntakeQueue'), minutes('AgreementsQueue')];
  expect(page.text).toContain(`(10 tries: usage ${usage} minutes, agreement events ${agreements} minutes)`);
  expect(page.text).toContain(`usage waits ${usage} minutes in the queue`);
  expect(page.text).toContain(`AWS's events wait ${agreements} minutes in the queue`);
});

describe('the commands of the runbook', () => {
  test('the commands of the runbook name exactly one resource each', () => {
    const names = [...shell.matchAll(/\$\(name (AWS::\w+::\w+) (\w+)\)/g)];
    expect(names.length).toBeGreaterThan(10);
    for (const [, type, part] of names) {
      expect([part, resources(template, type).filter(([id]) => id.includes(part)).length]).toEqual([part, 1]);
    }
  });

  test('visit every partition of an index in a loop', () => {
    const loops = [...shell.matchAll(/for shard in ([\d ]+);/g)].map(([, shards]) => shards);
    expect(loops).toEqual(Array(6).fill([...Array(INDEX_SHARDS).keys()].join(' ')));
    expect(page.text).toContain(`the index has ${INDEX_SHARDS} partitions`);
    const kinds: readonly AttentionKind[] = ['UNRESOLVED', 'REJECTED_RECORD', 'REJECTED_USAGE'];
    expect([...shell.matchAll(/":what":\{"S":"(\w+)#'\$shard'"\}/g)].map(([, kind]) => kind)).toEqual(kinds);
  });

  test('show only what the index of what needs attention has', () => {
    const { name, partitionKey, sortKey, attributes = [] } = UsageIndex.ATTENTION;
    const shown = [...shell.matchAll(new RegExp(`--index-name ${name} [\\s\\S]*?jq [^\\n]*`, 'g'))]
      .map(([command]) => [...command.slice(command.indexOf('| jq')).matchAll(/\.(\w+)\.[SN]\b/g)].map(([, attribute]) => attribute));
    expect(shown.length).toBe(3);
    expect(shown.flat().filter((attribute) => ![Keys.PK, Keys.SK, partitionKey, sortKey, ...attributes].includes(attribute))).toEqual([]);
  });

  test('query by the keys of the table or index', () => {
    const indexes = { SUBSCRIPTIONS_TABLE: SubscriptionIndex, USAGE_TABLE: UsageIndex, table: UsageIndex };
    const queries = [...shell.matchAll(/aws dynamodb query --table-name "\$(\w+)"(?: --index-name (\w+))?[\s\S]*?--key-condition-expression '([^']+)'/g)];
    expect(queries.length).toBe(shell.split('dynamodb query').length - 1);
    for (const [, table, name, condition] of queries) {
      const index = Object.values(indexes[table as keyof typeof indexes]).find((known) => known.name === name);
      const keys = condition.split(' AND ').map((part) => /(?:begins_with\()?#?(\w+)/.exec(part)![1]);
      const right = index ? [index.partitionKey, index.sortKey] : [Keys.PK, Keys.SK];
      expect([name, keys]).toEqual([name, right.slice(0, keys.length)]);
    }
    expect(Object.keys(JSON.parse(/get-item .*--key '(.*)'/.exec(shell)![1]))).toEqual([Keys.PK, Keys.SK]);
  });

  test('search for log lines that a handler writes', () => {
    const lambda = join(__dirname, '../../lambda');
    const sources = readdirSync(lambda, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'))
      .map((file) => readFileSync(join(lambda, file), 'utf8')).join('\n');
    const wanted = [...shell.matchAll(/filter message like \/([^/]+)\//g)].flatMap(([, pattern]) => pattern.split('|'));
    expect(wanted.length).toBeGreaterThan(3);
    expect(wanted.filter((text) => !sources.includes(text))).toEqual([]);
  });
});

describe('the payloads of the runbook', () => {
  /** An hour of unknown outcome: sent all day, and never answered. */
  async function unresolved() {
    const world = new LedgerFixture();
    const [{ settle }] = asked('settle');
    world.subscribe(settle.license);
    await world.at(`${settle.hour}:41:07Z`).report(12, { license: settle.license });
    world.api.outage = 'DOWN';
    await world.runUntil('2026-11-24T08:30:00Z', 30);
    world.api.outage = undefined;
    const ask = createHandler(() => world.deps, { findRecord: async () => undefined, readBucket: async () => undefined });
    return { ask, state: () => world.state(settle.hour, settle.dimension, settle.license), carried: () => world.partition('2026-11-24T08', settle.dimension, settle.license) };
  }

  test('settle an hour as the page says', async () => {
    for (const payload of asked('settle')) {
      const { ask, state, carried } = await unresolved();
      expect(state()).toBe('UNRESOLVED');
      expect(await ask(payload, CONTEXT)).toEqual({ settled: true, state: payload.settle.outcome });
      expect(carried() !== undefined).toBe(payload.settle.outcome === 'REFUSED');
    }
    expect(new Set(asked('settle').map(({ settle }) => settle.outcome))).toEqual(new Set(['BILLED', 'REFUSED']));
  });

  test('explain an hour without a change', async () => {
    const { ask } = await unresolved();
    expect(asked('explain').length).toBeGreaterThanOrEqual(3);
    for (const payload of asked('explain')) expect(await ask(payload, CONTEXT)).toMatchObject({ bucket: null });
  });

  test('start a run that answers as the page shows', async () => {
    const { ask } = await unresolved();
    const shown = JSON.parse(/It answers what it did: `(\{.*\})`/.exec(page.text)![1].replaceAll('…', '0'));
    expect(Object.keys(await ask({}, CONTEXT) as object)).toEqual(Object.keys(shown));
  });

  test('claim a registration', async () => {
    const deps = { registrations: { claimCode: async () => undefined }, clock: { now: () => 0 } } as unknown as RegistrationDependencies;
    expect(asked('claimRegistration')).toHaveLength(1);
    for (const payload of asked('claimRegistration')) expect(await claimRegistration(payload, deps)).toMatchObject({ error: { code: 'INVALID_CODE' } });
  });

  test('replay an event that a function of the app failed to process', async () => {
    const facts = factsOf(fact('LICENSE_UPDATED', 0));
    for (const payload of asked('replay')) {
      const bus = new FakeBus();
      const store = { read: async (licenseId: string) => ({ licenseId, facts, asOf: at(1) }) };
      const answer = await replay(payload, { store, publisher: bus, productCode: PRODUCT, log: SILENT });
      expect(answer).toMatchObject({ replayed: [{ type: payload.replay.event }] });
      expect(bus.types).toEqual([payload.replay.event]);
    }
    expect(asked('replay')).toHaveLength(1);
  });

  test('send corrected records that intake accepts', async () => {
    const world = new LedgerFixture().at('2026-11-23T10:00:00Z');
    const [{ records }] = asked('records');
    expect(await world.take(...records)).toEqual([{ id: 'req-8f2c', status: 'ACCEPTED' }]);
  });

  test('the payloads of the runbook contain events that are read like those of AWS', () => {
    const facts = asked('detail-type').map((event) => readAgreementEvent(JSON.stringify(event)));
    expect(facts).toMatchObject([
      { outcome: 'FACT', licenseId: 'l-9d5ab3c1', fact: { kind: 'LICENSE_UPDATED', customerAwsAccountId: '111122223333' } },
      { outcome: 'FACT', licenseId: 'l-9d5ab3c1', fact: { kind: 'LICENSE_DEPROVISIONED' } },
    ]);
  });

  test('the payloads of the runbook are all covered by these tests', () => {
    const looked = ['settle', 'explain', 'claimRegistration', 'records', 'replay', 'detail-type'].flatMap(asked);
    expect(payloads.filter((payload) => !looked.includes(payload))).toEqual([{}, {}].slice(0, payloads.length - looked.length));
  });
});
