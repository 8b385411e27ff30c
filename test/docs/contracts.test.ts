import { readFileSync } from 'node:fs';
import * as path from 'node:path';
import Ajv2020 from 'ajv/dist/2020';
import { Page } from './page';
import type { Entitlements } from '../../lambda/domain/entitlements/entitlement';
import { type LocalDynamo, startDynamo } from '../support/dynoxide';
import { fixture } from '../support/events';
import { LICENSE } from '../support/facts';
import { startIntegration } from '../support/integration';

interface Recipe {
  isActive(licenseId: string): Promise<boolean>;
  entitled(licenseId: string, dimension: string): Promise<unknown>;
}

const page = new Page('docs/contracts.md');
const ENTITLEMENTS: Entitlements = {
  Users: { valueType: 'INTEGER', value: 0 },
  Gb: { valueType: 'DOUBLE', value: 0.5 },
  Sso: { valueType: 'BOOLEAN', value: false },
  Tier: { valueType: 'STRING', value: 'gold', expiresAt: '2027-01-01T00:00:00.000Z' },
};

let dynamo: LocalDynamo;
beforeAll(async () => { dynamo = await startDynamo(); });
afterAll(async () => dynamo.stop());

async function contract() {
  const app = await startIntegration(dynamo, {}, (call) => call(), { entitlementsOf: async () => ENTITLEMENTS });
  app.time.now = Date.parse('2026-08-20T14:25:00Z');
  await app.deliver(fixture('observed-2-license-updated-manufacturer'));
  return app;
}

function recipe(tableName: string): Recipe {
  Object.assign(process.env, {
    SUBSCRIPTIONS_TABLE: tableName, AWS_ENDPOINT_URL: dynamo.endpoint, AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test',
  });
  const module = { exports: {} as Recipe };
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- the page's own code, as a reader runs it
  new Function('require', 'module', page.fences('js')[0])(require, module);
  return module.exports;
}

test('the recipe says what a buyer may use, of each type of value, and nothing once the license has ended', async () => {
  const app = await contract();
  const { isActive, entitled } = recipe(app.tables.subscriptions);
  expect(await isActive(LICENSE)).toBe(true);
  expect(await Promise.all(['Users', 'Gb', 'Sso', 'Tier', 'Other'].map((name) => entitled(LICENSE, name)))).toEqual([0, 0.5, false, 'gold', undefined]);
  await app.deliver(fixture('observed-3-ended-proposer'));
  expect(await isActive(LICENSE)).toBe(false);
  expect(await entitled(LICENSE, 'Tier')).toBeUndefined();
  expect(await entitled('l-unknown', 'Tier')).toBeUndefined();
});

test('the entitlements of a license have the attributes that the page names', async () => {
  const app = await contract();
  const { TableName, ...everything } = { TableName: app.tables.subscriptions, items: await app.everything() };
  const item = everything.items.find((one) => one?.sk === 'ENTITLEMENTS');
  const named = page.rows('## May this buyer use it, and how much of it?').flatMap(([names = '']) => [...names.matchAll(/`(\w+)`/g)].map(([, name]) => name));
  expect(Object.keys(item ?? {})).toEqual(expect.arrayContaining(named.filter((name) => name !== 'L')));
});

test('the event that the page shows follows its schema', () => {
  const schema = JSON.parse(readFileSync(path.join(__dirname, '../../schema/events/entitlement-changed.schema.json'), 'utf8'));
  const validate = new Ajv2020({ allowUnionTypes: true, formats: { 'date-time': true } }).compile(schema);
  const [event = ''] = page.fences('json');
  expect([validate(JSON.parse(event)), validate.errors]).toEqual([true, null]);
});
