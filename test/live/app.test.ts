import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { HopsArrival, HopsStart } from './app/hops';
import { APP_COMMAND, appEnvironment } from './aws/cdk';
import { retained } from './checks/failed-create';
import { RESTORED_TABLES, StackName, STACKS } from './stacks';

interface Resource {
  readonly Type: string;
  readonly DependsOn?: readonly string[];
  readonly Properties?: Readonly<Record<string, unknown>>;
}

const folder = mkdtempSync(path.join(tmpdir(), 'live-check-app-'));

afterAll(() => rmSync(folder, { recursive: true }));

/** Resources of a stack, synthesized as `cdk` does. */
function resourcesOf(stack: StackName): Readonly<Record<string, Resource>> {
  const [program, ...parameters] = APP_COMMAND;
  const where = appEnvironment(stack, { account: '111122223333', region: 'us-east-1', farRegion: 'eu-west-1' });
  const { status, stderr } = spawnSync(program, parameters, { env: { ...process.env, ...where, CDK_OUTDIR: path.join(folder, stack) }, encoding: 'utf8' });
  if (status !== 0) {
    throw new Error(stderr);
  }
  const template = readdirSync(path.join(folder, stack)).find((file) => file.endsWith('.template.json'))!;
  return JSON.parse(readFileSync(path.join(folder, stack, template), 'utf8')).Resources;
}

test('the failing stack is the example, and its failing resource is created after all others', () => {
  const resources = resourcesOf(STACKS.FAILING);
  const failing = resources.Failing;
  expect(failing).toMatchObject({ Type: 'AWS::CloudFormation::WaitCondition', Properties: { Timeout: '1', Count: 1 } });
  const others = Object.keys(resources).filter((id) => !['Failing', 'FailingHandle', 'CDKMetadata'].includes(id));
  expect(others.filter((id) => !failing.DependsOn?.includes(id))).toEqual([]);
  const types = new Set(retained({ Resources: resources }).map(({ type }) => type));
  expect([...types].filter((type) => !['AWS::DynamoDB::GlobalTable', 'AWS::SQS::Queue', 'AWS::Logs::LogGroup'].includes(type))).toEqual([]);
  expect(types).toContain('AWS::DynamoDB::GlobalTable');
}, 120_000);

test('the stack over restored tables makes no table, and its functions name the restored ones', () => {
  const resources = resourcesOf(STACKS.OVER_TABLES);
  expect(Object.values(resources).filter(({ Type }) => Type.startsWith('AWS::DynamoDB::'))).toEqual([]);
  const text = JSON.stringify(resources);
  expect(Object.values(RESTORED_TABLES).filter((table) => !text.includes(`"${table}"`))).toEqual([]);
}, 120_000);

test('forwarding stacks retain nothing, and name what they make by the prefix', () => {
  const app = new App();
  const env = (region: string) => ({ env: { account: '111122223333', region } });
  for (const stack of [new HopsStart(app, { ...env('us-east-1'), farRegion: 'eu-west-1' }), new HopsArrival(app, env('eu-west-1'))]) {
    const { Resources: resources } = Template.fromStack(stack).toJSON();
    expect(retained({ Resources: resources })).toEqual([]);
    const names = Object.values(resources as Record<string, Resource>).flatMap(({ Type, Properties = {} }) => (
      ['AWS::Events::EventBus', 'AWS::SQS::Queue'].includes(Type) ? [String(Properties.Name ?? Properties.QueueName)] : []
    ));
    expect(names.length).toBeGreaterThan(1);
    expect(names.filter((name) => !name.startsWith('mp-live-check-'))).toEqual([]);
  }
});
