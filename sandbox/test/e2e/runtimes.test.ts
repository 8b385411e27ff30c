import type { SandboxClient } from 'cdk-marketplace-saas-sandbox';
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { assemblyOf, fn, start, table } from './app';
import { awsConfig, notes } from './clients';
import { temporaryFolder, writeAssembly } from '../template/assemblies';

const SOURCES = path.join(__dirname, 'runtimes');
const isThere = (program: string, ...args: string[]) => spawnSync(program, args, { stdio: 'ignore' }).status === 0;
const testWhere = (there: boolean) => there ? test : test.skip;
/** Compilers take long: `scripts/language-apps.sh` asks for the tests with them. */
const withToolChains = process.env.SANDBOX_TOOL_CHAINS !== undefined;
const hasPython = isThere('python3', '--version');

async function invoke(sandbox: SandboxClient, logicalId: string, event: unknown) {
  const functions = Object.keys(await sandbox.logs()).filter((candidate) => candidate.startsWith(`App-${logicalId}-`));
  const command = new InvokeCommand({ FunctionName: functions[0], Payload: JSON.stringify(event) });
  const { Payload, FunctionError } = await new LambdaClient(awsConfig(sandbox)).send(command);
  return { failed: FunctionError !== undefined, result: JSON.parse(Buffer.from(Payload!).toString()) as unknown };
}

const PYTHON = `
import datetime, json, logging, os, time, urllib.request
from datetime import datetime as imported

def handler(event, context):
    if event["do"] == "clock":
        before = imported.now(datetime.timezone.utc)
        time.sleep(3600 if event.get("long") else 2)
        logging.getLogger().warning("slept")
        after = datetime.datetime.now(datetime.timezone.utc)
        return {"before": before.isoformat(), "seconds": (after - before).total_seconds(), "today": str(datetime.date.today()), "now": time.time(),
                "remaining": context.get_remaining_time_in_millis(), "isDatetime": isinstance(after, imported), "cwd": os.getcwd() == os.environ["LAMBDA_TASK_ROOT"]}
    if event["do"] == "write":
        import boto3
        boto3.resource("dynamodb").Table(os.environ["TABLE"]).put_item(Item={"pk": "python", "n": 1})
        return {"elapsed": time.time()}
    if event["do"] == "read":
        import boto3
        parameters = boto3.client("ssm").get_paginator("get_parameters_by_path").paginate(Path="/app").build_full_result()["Parameters"]
        return {"secret": boto3.client("secretsmanager").get_secret_value(SecretId="given")["SecretString"], "parameters": [p["Value"] for p in parameters]}
    if event["do"] == "draw":
        import random, secrets, uuid
        return [str(uuid.uuid4()), random.random(), random.SystemRandom().random(), secrets.token_hex(8), os.urandom(4).hex()]
    if event["do"] == "import":
        import pytest
    raise ValueError("no")
`;
const PYTHON_APP = () => assemblyOf(
  fn('Py', { code: PYTHON, properties: { Runtime: 'python3.13' } }),
  {
    Parameter: { Type: 'AWS::SSM::Parameter', Properties: { Name: '/app/plan', Type: 'String', Value: 'gold' } },
    Secret: { Type: 'AWS::SecretsManager::Secret', Properties: { Name: 'given', SecretString: 'hush' } },
  },
  fn('Missing', { code: 'import nowhere', properties: { Runtime: 'python3.13' } }),
);

testWhere(hasPython)('what a function in Python draws at random depends on its invocation alone', async () => {
  const sandbox = await start(PYTHON_APP());
  const draw = async () => (await invoke(sandbox, 'Py', { do: 'draw' })).result as unknown[];
  const first = [await draw(), await draw()];
  await sandbox.reset();
  expect([await draw(), await draw()]).toEqual(first);
  expect(new Set(first.flat()).size).toBe(10);
});

testWhere(hasPython)('functions in Python live in virtual time, see only their own modules, and fail with Python\'s errors', async () => {
  const sandbox = await start(PYTHON_APP());
  const { result } = await invoke(sandbox, 'Py', { do: 'clock' });
  expect(result).toEqual({
    before: '2026-11-23T05:00:00+00:00', seconds: 2, today: '2026-11-23', now: Date.parse('2026-11-23T05:00:02Z') / 1000, remaining: 8000, isDatetime: true, cwd: true,
  });
  expect(Object.values(await sandbox.logs()).flat().join('\n')).toMatch(/\[WARNING\]\t2026-11-23T05:00:02\.000Z\t\S+\tslept/);
  expect(await invoke(sandbox, 'Py', { do: 'fail' })).toMatchObject({ failed: true, result: { errorType: 'ValueError', errorMessage: 'no' } });
  expect(await invoke(sandbox, 'Py', { do: 'import' })).toMatchObject({ result: { errorType: 'ModuleNotFoundError', errorMessage: "No module named 'pytest'" } });
  expect(await invoke(sandbox, 'Py', { do: 'clock', long: true })).toMatchObject({ result: { errorMessage: expect.stringContaining('Task timed out after 10.00 seconds') } });
  expect(await invoke(sandbox, 'Missing', {})).toMatchObject({
    failed: true, result: { errorType: 'Runtime.ImportModuleError', errorMessage: "Unable to import module 'index': No module named 'nowhere'" },
  });
});

testWhere(hasPython && isThere('python3', '-c', 'import boto3'))('boto3 of a function in Python calls the sandbox, and each request takes a millisecond', async () => {
  const sandbox = await start(PYTHON_APP());
  expect(await invoke(sandbox, 'Py', { do: 'write' })).toMatchObject({ failed: false, result: { elapsed: Date.parse('2026-11-23T05:00:00.001Z') / 1000 } });
  expect(await notes(sandbox)).toEqual({ python: 1 });
  expect(await invoke(sandbox, 'Py', { do: 'read' })).toMatchObject({ failed: false, result: { secret: 'hush', parameters: ['gold'] } });
});

const LOOP = `
const base = 'http://' + process.env.AWS_LAMBDA_RUNTIME_API + '/2018-06-01/runtime/invocation/';
(async () => {
  for (;;) {
    const next = await fetch(base + 'next');
    const { what } = await next.json();
    if (what === 'exit') process.exit(3);
    const late = Number(next.headers.get('lambda-runtime-deadline-ms')) < Date.now();
    await fetch(base + next.headers.get('lambda-runtime-aws-request-id') + '/response', { method: 'POST', body: what === 'text' ? 'no JSON' : JSON.stringify({ what, late }) });
  }
})();`;

const provided = (id: string) => fn(id, { code: '', properties: { Runtime: 'provided.al2023', Handler: 'none', Code: { S3Bucket: 'assets', S3Key: id } } });

test('a function that brings its own runtime, and one with a command, are run over the runtime API', async () => {
  const java = fn('Java', { code: '', properties: { Runtime: 'java21', Handler: 'a.B::c' } });
  const app = writeAssembly(
    { App: { template: { Resources: { ...table(), ...provided('Own'), ...provided('Empty'), ...java } }, assets: { Own: 'asset.own', Empty: 'asset.empty' } } },
    { 'asset.own/bootstrap': `#!/usr/bin/env node${LOOP}`, 'asset.empty/other': '' },
  );
  const file = path.join(temporaryFolder(), 'loop.js');
  fs.writeFileSync(file, LOOP);
  const sandbox = await start(app, { run: { Java: `"${process.execPath}" ${file}` } });
  expect(await invoke(sandbox, 'Own', { what: 1 })).toEqual({ failed: false, result: { what: 1, late: false } });
  expect(await invoke(sandbox, 'Own', { what: 'text' })).toMatchObject({ failed: true, result: { errorType: 'Runtime.InvalidResponse' } });
  expect(await invoke(sandbox, 'Own', { what: 'exit' })).toMatchObject({ failed: true, result: { errorMessage: 'Runtime exited with error: exit status 3' } });
  expect(await invoke(sandbox, 'Own', { what: 2 })).toMatchObject({ failed: false });
  expect(await invoke(sandbox, 'Java', { what: 3 })).toMatchObject({ failed: false, result: { what: 3 } });
  expect(await invoke(sandbox, 'Empty', {})).toMatchObject({ failed: true, result: { errorType: 'Runtime.InvalidEntrypoint' } });
});

// The first build of a machine compiles Go's own packages.
testWhere(withToolChains && isThere('go', 'version'))('a function in Go runs', async () => {
  const app = writeAssembly({ App: { template: { Resources: { ...table(), ...provided('Go') } }, assets: { Go: 'asset.go' } } }, { 'asset.go/note': '' });
  const built = spawnSync('go', ['build', '-o', path.join(app, 'asset.go/bootstrap'), path.join(SOURCES, 'main.go')], { encoding: 'utf8', env: { ...process.env, CGO_ENABLED: '0' } });
  expect(built.stderr).toBe('');
  const sandbox = await start(app);
  expect(await invoke(sandbox, 'Go', { n: 1 })).toEqual({ failed: false, result: { language: 'Go', event: { n: 1 } } });
}, 600_000);

testWhere(withToolChains && isThere('javac', '-version'))('a function in Java runs with a command', async () => {
  const sandbox = await start(assemblyOf(fn('Java', { code: '', properties: { Runtime: 'java21', Handler: 'Function' } })), { run: { Java: `java ${path.join(SOURCES, 'Function.java')}` } });
  expect(await invoke(sandbox, 'Java', { n: 1 })).toEqual({ failed: false, result: { language: 'Java', event: { n: 1 } } });
});
