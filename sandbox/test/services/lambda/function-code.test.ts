import * as fs from 'node:fs';
import * as path from 'node:path';
import { zipOf } from './zip-file';
import type { SandboxModel } from '../../../src/model';
import { CodeFolders } from '../../../src/services/lambda/code';
import { modelOf, temporaryFolder, writeAssembly } from '../../template/assemblies';

const ROLE = 'arn:aws:iam::000000000000:role/mine';

function functionWith(code: object): object {
  return { Resources: { F: { Type: 'AWS::Lambda::Function', Properties: { Code: code, Handler: 'index.handler', Runtime: 'nodejs24.x', Role: ROLE } } } };
}

/** Folders with the code of the model's functions. */
async function deployedCode({ functions }: SandboxModel): Promise<string[]> {
  const code = new CodeFolders(temporaryFolder());
  await code.deploy(functions);
  return functions.map((fn) => code.folderOf(fn));
}

const fromAsset = { template: functionWith({ S3Bucket: 'assets', S3Key: 'abc.zip' }), assets: { 'abc.zip': 'asset.abc' } };

test('the folder of an asset is the code', () => {
  const directory = writeAssembly({ Demo: fromAsset }, { 'asset.abc/index.js': 'x' });
  expect(modelOf(directory).functions).toMatchObject([{ codeDirectory: path.join(directory, 'asset.abc') }]);
});

test('inline code is kept as it is', () => {
  const directory = writeAssembly({ Demo: { template: functionWith({ ZipFile: 'exports.handler = () => 1;' }) } });
  expect(modelOf(directory).functions).toMatchObject([{ inlineCode: 'exports.handler = () => 1;' }]);
});

test('an archive is unpacked', async () => {
  const directory = writeAssembly({ Demo: fromAsset });
  fs.writeFileSync(path.join(directory, 'asset.abc'), zipOf('lib/index.js', 'module.exports = 42;'));
  const [code] = await deployedCode(modelOf(directory));
  expect(fs.readFileSync(path.join(code, 'lib/index.js'), 'utf8')).toBe('module.exports = 42;');
});

test('functions of one name in two regions keep their own code', async () => {
  const template = functionWith({ S3Bucket: 'assets', S3Key: 'abc.zip' }) as { Resources: { F: { Properties: object } } };
  Object.assign(template.Resources.F.Properties, { FunctionName: 'worker' });
  const stackIn = (region: string) => ({ template, environment: `aws://111111111111/${region}`, assets: { 'abc.zip': `asset.${region}` } });
  const directory = writeAssembly({ East: stackIn('us-east-1'), West: stackIn('us-west-2') });
  for (const region of ['us-east-1', 'us-west-2']) fs.writeFileSync(path.join(directory, `asset.${region}`), zipOf('index.js', region));
  const folders = await deployedCode(modelOf(directory));
  expect(folders.map((folder) => fs.readFileSync(path.join(folder, 'index.js'), 'utf8'))).toEqual(['us-east-1', 'us-west-2']);
});

test('a broken archive is an error', async () => {
  const directory = writeAssembly({ Demo: fromAsset }, { 'asset.abc': 'not a zip file, but long enough to look at' });
  await expect(deployedCode(modelOf(directory))).rejects.toThrow(/asset\.abc cannot be unpacked/);
});

test('missing code is an error', () => {
  expect(() => modelOf(writeAssembly({ Demo: fromAsset })))
    .toThrow(/resource F \(AWS::Lambda::Function\), Code\.S3Key: the code of the function is missing: .*asset\.abc/);
});

test('code that is no asset is an error', () => {
  const directory = writeAssembly({ Demo: { template: functionWith({ S3Bucket: 'mine', S3Key: 'release.zip' }) } });
  expect(() => modelOf(directory)).toThrow('"release.zip" is not an asset of this stack');
});

test('code runs from a copy in a folder of its own, with nothing of the project around it', async () => {
  const directory = writeAssembly({ Demo: fromAsset }, { 'asset.abc/index.js': 'x', 'package.json': '{"type":"module"}' });
  const [code] = await deployedCode(modelOf(directory));
  expect(fs.readFileSync(path.join(code, 'index.js'), 'utf8')).toBe('x');
  expect(path.relative(directory, code)).toMatch(/^\.\./);
});
