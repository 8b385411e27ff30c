import { App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { ModuleKind, ScriptTarget, transpileModule } from 'typescript';
import { Page } from './page';

const page = new Page('docs/seller-account.md');

/** The app of the page, as it stands there. */
function synthesized(): Record<string, Template> {
  const { outputText } = transpileModule(page.fences('ts')[0], {
    compilerOptions: { module: ModuleKind.CommonJS, target: ScriptTarget.ES2022 },
  });
  const load = (name: string): unknown => jest.requireActual(name === 'cdk-marketplace-saas' ? '../../src' : name);
  const app = new Function('require', 'exports', `${outputText}\nreturn app;`)(load, {}) as App;
  const warnings = app.synth().stacks.flatMap(({ messages }) => messages.map(({ entry }) => entry.data));
  expect(warnings).toEqual([]);
  return Object.fromEntries(app.node.children.filter(Stack.isStack).map((stack) => [stack.stackName, Template.fromStack(stack)]));
}

test('the app on the page forwards events in two hops, and lets the integration act as the seller', () => {
  const { Product, ProductArrival, ProductSeller } = synthesized();
  const to = (Arn: string) => [Match.objectLike({ Arn, DeadLetterConfig: Match.anyValue() })];
  const [arrival, home] = ['us-east-1', 'eu-west-1'].map((region) => `arn:aws:events:${region}:444455556666:event-bus/agreement-events`);

  ProductSeller.hasResourceProperties('AWS::Events::Rule', { EventBusName: Match.absent(), Targets: to(arrival) });
  ProductArrival.hasResourceProperties('AWS::Events::Rule', { EventBusName: Match.anyValue(), Targets: to(home) });
  ProductArrival.hasResourceProperties('AWS::Events::EventBusPolicy', {
    Statement: Match.objectLike({ Action: 'events:PutEvents', Principal: { AWS: Match.objectLike({ 'Fn::Join': Match.anyValue() }) } }),
  });
  for (const template of [ProductArrival, Product]) template.hasResourceProperties('AWS::Events::EventBus', { Name: 'agreement-events' });

  ProductSeller.hasResourceProperties('AWS::IAM::Role', { RoleName: 'marketplace-acme-production' });
  Product.hasResourceProperties('AWS::Lambda::Function', {
    Environment: {
      Variables: Match.objectLike({
        SELLER_ROLE_ARN: 'arn:aws:iam::111122223333:role/marketplace-acme-production', SELLER_EXTERNAL_ID: 'acme-production',
      }),
    },
  });
});
