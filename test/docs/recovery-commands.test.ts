import { App, Stack } from 'aws-cdk-lib';
import { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { ModuleKind, ScriptTarget, transpileModule } from 'typescript';
import { Page } from './page';
import * as library from '../../src';
import { Keys } from '../../src/names';
import { integrate, resources } from '../src/fixtures';

const page = new Page('docs/recovery.md');
const shell = page.fences('sh').join('\n');

describe('the commands of the recovery page', () => {
  test('the commands of the recovery page name exactly one resource each', () => {
    const template = integrate().template();
    const names = [...page.text.matchAll(/\$\(name (AWS::\w+::\w+) (\w+)\)/g)];
    expect(names.length).toBeGreaterThanOrEqual(3);
    for (const [, type, part] of names) {
      expect({ part, found: resources(template, type).filter(([id]) => id.includes(part)).length }).toEqual({ part, found: 1 });
    }
  });

  test('use names that this page or the first section of the runbook defines', () => {
    const defined = new Set([...`${new Page('docs/runbook.md').text}\n${page.text}`.matchAll(/^ *([A-Z_]+)=|\bfor (\w+) in\b|\blocal (\w+)/gm)]
      .map(([, variable, loop, local]) => variable ?? loop ?? local));
    const used = [...shell.matchAll(/\$\{?([A-Za-z_]+)/g)].map(([, name]) => name);
    // What the operator sets, as the page says; `got` is local to `move`.
    const given = ['OLD', 'NEW', 'NEW_STACK'];
    expect(used.filter((name) => !defined.has(name) && !given.includes(name))).toEqual([]);
  });

  test('enable expiry for the attribute that items have', () => {
    expect(page.text).toContain(`--time-to-live-specification Enabled=true,AttributeName=${Keys.TTL}`);
  });
});

test('the construct of the recovery page works with tables that exist', () => {
  const { outputText } = transpileModule(page.fences('ts')[0], { compilerOptions: { module: ModuleKind.CommonJS, target: ScriptTarget.ES2022 } });
  const stack = new Stack(new App(), 'Product');
  const names = { ...library, TableV2 };
  new Function(...Object.keys(names), outputText).call(stack, ...Object.values(names));
  const { Resources: made } = (stack.node.root as App).synth().getStackByName('Product').template as { Resources: Record<string, { Type: string }> };
  expect(Object.values(made).filter(({ Type }) => Type.startsWith('AWS::DynamoDB::'))).toEqual([]);
  const tables = ['acme-subscriptions', 'acme-registrations', 'acme-usage'];
  expect(tables.filter((table) => !JSON.stringify(made).includes(`"${table}"`))).toEqual([]);
});
