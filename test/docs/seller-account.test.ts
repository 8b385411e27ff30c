import { App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { ModuleKind, ScriptTarget, transpileModule } from 'typescript';
import { Page } from './page';

const page = new Page('docs/seller-account.md');

/** The stacks of the app on the page. */
function synthesized(source = page.fences('ts')[0]): Record<string, Template> {
  const { outputText } = transpileModule(source, {
    compilerOptions: { module: ModuleKind.CommonJS, target: ScriptTarget.ES2022 },
  });
  const load = (name: string): unknown => jest.requireActual(name === 'cdk-marketplace-saas' ? '../../src' : name);
  const app = new Function('require', 'exports', `${outputText}\nreturn app;`)(load, {}) as App;
  const warnings = app.synth().stacks.flatMap(({ messages }) => messages.map(({ entry }) => entry.data));
  // What AWS's review of the registration page asks for is not what this page is about.
  expect(warnings.filter((warning) => !String(warning).startsWith('AWS Marketplace reviews the registration page'))).toEqual([]);
  return Object.fromEntries(app.node.children.filter(Stack.isStack).map((stack) => [stack.stackName, Template.fromStack(stack)]));
}

test('the app on the page forwards events in one hop, and lets the integration act as the seller', () => {
  const { Product, ProductSeller } = synthesized();
  const bus = 'acme-production-agreement-events';

  ProductSeller.hasResourceProperties('AWS::Events::Rule', {
    EventBusName: Match.absent(),
    Targets: [Match.objectLike({ Arn: `arn:aws:events:eu-west-1:444455556666:event-bus/${bus}`, DeadLetterConfig: Match.anyValue() })],
  });
  ProductSeller.resourceCountIs('AWS::CloudWatch::Alarm', 1);
  Product.hasResourceProperties('AWS::Events::EventBus', { Name: bus });
  Product.hasResourceProperties('AWS::Events::EventBusPolicy', {
    StatementId: `cdk-${bus}`,
    Statement: Match.objectLike({ Action: 'events:PutEvents', Principal: { AWS: Match.objectLike({ 'Fn::Join': Match.anyValue() }) } }),
  });

  ProductSeller.hasResourceProperties('AWS::IAM::Role', { RoleName: 'acme-production-marketplace' });
  Product.hasResourceProperties('AWS::Lambda::Function', {
    Environment: {
      Variables: Match.objectLike({
        SELLER_ROLE_ARN: 'arn:aws:iam::111122223333:role/acme-production-marketplace', SELLER_EXTERNAL_ID: 'acme-production',
      }),
    },
  });
});

test('a second product by the app on the page shares no bus, statement id or role with the first', () => {
  const names = (name: string) => Object.values(synthesized(page.fences('ts')[0].replace("'acme-production'", `'${name}'`)))
    .flatMap((template) => [
      ...Object.values(template.findResources('AWS::Events::EventBusPolicy')).map(({ Properties }) => Properties.StatementId),
      ...Object.values(template.findResources('AWS::IAM::Role')).map(({ Properties }) => Properties.RoleName),
      ...Object.values(template.findResources('AWS::Events::EventBus')).map(({ Properties }) => Properties.Name),
    ])
    .filter((value) => typeof value === 'string' && value.includes(name));
  expect(names('acme-production')).toHaveLength(3);
  expect(names('acme-staging').filter((value) => names('acme-production').includes(value))).toEqual([]);
});
