import * as fs from 'node:fs';
import * as path from 'node:path';
import { modelOf, temporaryFolder, writeAssembly } from './assemblies';
import { AssemblyError, loadAssembly } from '../../src/template';

const queue = { Resources: { Q: { Type: 'AWS::SQS::Queue' } } };

describe('loadAssembly', () => {
  test('reads stacks with their environments', () => {
    const directory = writeAssembly({
      Fixed: { template: queue, environment: 'aws://111111111111/eu-west-1' },
      Agnostic: { template: queue },
    });
    expect(loadAssembly(directory).stacks).toMatchObject([
      { name: 'Fixed', account: '111111111111', region: 'eu-west-1' },
      { name: 'Agnostic', account: undefined, region: undefined },
    ]);
  });

  test('reads nested assemblies', () => {
    const outer = writeAssembly({ Outer: { template: queue } });
    const inner = writeAssembly({ Inner: { template: queue } });
    fs.cpSync(inner, path.join(outer, 'assembly-Prod'), { recursive: true });
    const manifest = JSON.parse(fs.readFileSync(path.join(outer, 'manifest.json'), 'utf8'));
    manifest.artifacts['assembly-Prod'] = { type: 'cdk:cloud-assembly', properties: { directoryName: 'assembly-Prod' } };
    fs.writeFileSync(path.join(outer, 'manifest.json'), JSON.stringify(manifest));
    expect(loadAssembly(outer).stacks.map((stack) => stack.name)).toEqual(['Outer', 'Inner']);
  });
});

describe('what is not a cloud assembly', () => {
  function broken(file: string, content: string): string {
    const directory = writeAssembly({ Demo: { template: queue } });
    fs.writeFileSync(path.join(directory, file), content);
    return directory;
  }

  test.each<[string, () => string, RegExp]>([
    ['a missing folder', () => path.join(temporaryFolder(), 'cdk.out'), /There is no folder .*cdk\.out: give the cloud assembly/],
    ['a folder without manifest', temporaryFolder, /is not a cloud assembly: it has no manifest\.json/],
    ['a manifest that is no JSON', () => broken('manifest.json', '{'), /manifest\.json is not valid JSON/],
    ['a manifest of another kind', () => broken('manifest.json', '{"name": "app"}'), /is not the manifest of a cloud assembly.*version/s],
    ['a manifest of an old version', () => broken('manifest.json', '{"version": "1.10.0"}'), /has version "1\.10\.0"; version 20\.0\.0 or later is needed/],
    ['an empty assembly', () => broken('manifest.json', '{"version": "55.0.0"}'), /has no stack/],
    ['a template that is no JSON', () => broken('Demo.template.json', 'Resources:'), /Demo\.template\.json is not valid JSON/],
    ['a template of the wrong shape', () => broken('Demo.template.json', '{"Resources": {"Q": {}}}'), /is not a CloudFormation template.*Q/s],
    ['a broken asset manifest', () => broken('Demo.assets.json', '{"files": []}'), /is not an asset manifest/],
  ])('%s', (_, make, message) => {
    const directory = make();
    expect(() => loadAssembly(directory)).toThrow(AssemblyError);
    expect(() => loadAssembly(directory)).toThrow(message);
  });
});

describe('choosing stacks', () => {
  const producer = { ...queue, Outputs: { Arn: { Value: { 'Fn::GetAtt': ['Q', 'Arn'] }, Export: { Name: { 'Fn::Sub': '${AWS::StackName}:Arn' } } } } };
  const consumer = { Outputs: { Got: { Value: { 'Fn::ImportValue': 'Producer:Arn' } }, Direct: { Value: { 'Fn::GetStackOutput': { StackName: 'Producer', OutputName: 'Arn' } } } } };
  const directory = () => writeAssembly({ Consumer: { template: consumer }, Producer: { template: producer } });

  test('all by default, with values crossing between them', () => {
    const model = modelOf(directory());
    const arn = model.queues[0]?.arn;
    expect(model.stacks.map((stack) => stack.outputs)).toEqual([{ Got: arn, Direct: arn }, { Arn: arn }]);
  });

  test('only the named stacks are chosen', () => {
    expect(modelOf(directory(), { stacks: ['Producer'] }).stacks.map((stack) => stack.name)).toEqual(['Producer']);
  });

  test('an unknown name is an error', () => {
    expect(() => modelOf(directory(), { stacks: ['Prod'] })).toThrow(/There is no stack "Prod" in .*; there are: Consumer, Producer/);
  });

  test('a value of a stack that was not chosen is an error', () => {
    expect(() => modelOf(directory(), { stacks: ['Consumer'] })).toThrow('no chosen stack exports "Producer:Arn" in account 000000000000, region us-east-1. Give it: --export \'Producer:Arn=…\'. Not chosen: Producer.');
  });
});
