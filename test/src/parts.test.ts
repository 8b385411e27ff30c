import { Duration } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import * as events from 'aws-cdk-lib/aws-events';
import { integrate, newStack, PRODUCT_CODE, resources, settingsOf } from './fixtures';
import { AgreementEventSource, Registration, RegistrationWebAcl } from '../../src';

const template = integrate().template();

/** Logical id of the only resource whose id starts so. */
function logicalId(type: string, prefix: string): string {
  const ids = resources(template, type).map(([id]) => id).filter((id) => id.startsWith(prefix));
  expect(ids).toHaveLength(1);
  return ids[0];
}

describe('registration', () => {
  test('every path of a regional API invokes the function', () => {
    template.hasResourceProperties('AWS::ApiGateway::RestApi', { EndpointConfiguration: { Types: ['REGIONAL'] } });
    template.hasResourceProperties('AWS::ApiGateway::Resource', { PathPart: '{proxy+}' });
    template.resourcePropertiesCountIs('AWS::ApiGateway::Method', {
      HttpMethod: 'ANY', AuthorizationType: 'NONE', Integration: Match.objectLike({ Type: 'AWS_PROXY' }),
    }, 2);
  });

  test('the API throttles requests, and leaves the account\'s API Gateway role alone', () => {
    template.hasResourceProperties('AWS::ApiGateway::Stage', {
      MethodSettings: [Match.objectLike({ ResourcePath: '/*', HttpMethod: '*', ThrottlingBurstLimit: 20, ThrottlingRateLimit: 10 })],
    });
    template.resourceCountIs('AWS::ApiGateway::Account', 0);
  });

  test('a web ACL with the common rule set and rate rules protects the API', () => {
    template.hasResourceProperties('AWS::WAFv2::WebACL', {
      Scope: 'REGIONAL',
      Rules: [
        Match.objectLike({ Statement: { RateBasedStatement: { Limit: 500, AggregateKeyType: 'IP', EvaluationWindowSec: 300 } }, Action: { Block: {} } }),
        Match.objectLike({ Name: 'PostsPerAddress', Statement: { RateBasedStatement: Match.objectLike({ Limit: 100, AggregateKeyType: 'IP' }) }, Action: { Block: {} } }),
        Match.objectLike({ Statement: { ManagedRuleGroupStatement: Match.objectLike({ VendorName: 'AWS', Name: 'AWSManagedRulesCommonRuleSet', Version: Match.absent() }) } }),
        Match.objectLike({ Statement: { ManagedRuleGroupStatement: Match.objectLike({ Name: 'AWSManagedRulesKnownBadInputsRuleSet' }) } }),
        Match.objectLike({ Statement: { ManagedRuleGroupStatement: { VendorName: 'AWS', Name: 'AWSManagedRulesAmazonIpReputationList' } } }),
      ],
    });
    template.hasResourceProperties('AWS::WAFv2::WebACLAssociation', {
      WebACLArn: { 'Fn::GetAtt': [logicalId('AWS::WAFv2::WebACL', 'Marketplace'), 'Arn'] },
    });
  });

  test('no rule of the web ACL blocks a buyer for the content of the form, or for cookies of other pages of the seller', () => {
    const [, acl] = resources(template, 'AWS::WAFv2::WebACL')[0];
    const counted = acl.Properties.Rules.flatMap(({ Statement: { ManagedRuleGroupStatement: group } }: any) => group?.RuleActionOverrides ?? [])
      .filter(({ ActionToUse }: any) => ActionToUse.Count).map(({ Name }: any) => Name);
    expect(counted.sort()).toEqual([
      'CrossSiteScripting_BODY', 'CrossSiteScripting_COOKIE', 'EC2MetaDataSSRF_BODY', 'EC2MetaDataSSRF_COOKIE', 'GenericLFI_BODY', 'GenericRFI_BODY',
      'JavaDeserializationRCE_BODY', 'Log4JRCE_BODY', 'SizeRestrictions_BODY', 'SizeRestrictions_Cookie_HEADER',
    ]);
  });

  test('samples of the web ACL show neither bodies nor cookies', () => {
    template.hasResourceProperties('AWS::WAFv2::WebACL', {
      DataProtectionConfig: {
        DataProtections: [
          { Field: { FieldType: 'BODY' }, Action: 'SUBSTITUTION' },
          { Field: { FieldType: 'SINGLE_HEADER', FieldKeys: ['cookie'] }, Action: 'SUBSTITUTION' },
        ],
      },
    });
  });

  test('the versions of rule sets can be chosen', () => {
    const webAcl = RegistrationWebAcl.managed({ commonRuleSetVersion: 'Version_1.18', knownBadInputsVersion: 'Version_1.24' });
    const [, acl] = resources(integrate({ webAcl }).template(), 'AWS::WAFv2::WebACL')[0];
    expect(acl.Properties.Rules.map(({ Statement }: any) => Statement.ManagedRuleGroupStatement?.Version)).toEqual(
      [undefined, undefined, 'Version_1.18', 'Version_1.24', undefined]);
    expect(() => RegistrationWebAcl.managed({ commonRuleSetVersion: '1.18' })).toThrow('webAcl.commonRuleSetVersion: received "1.18"; give a version such as Version_1.18');
  });

  test('a buyer whom the function cannot answer sees a page, not JSON', () => {
    const responses = resources(template, 'AWS::ApiGateway::GatewayResponse').map(([, { Properties }]) => Properties);
    expect(responses.map(({ ResponseType }) => ResponseType).sort()).toEqual(['DEFAULT_4XX', 'DEFAULT_5XX', 'WAF_FILTERED']);
    for (const { ResponseTemplates, ResponseParameters } of responses) {
      expect(Object.keys(ResponseTemplates)).toEqual(['text/html', 'application/json']);
      expect(ResponseTemplates['application/json']).toBe(ResponseTemplates['text/html']);
      expect(ResponseTemplates['text/html']).toMatch(/^<!DOCTYPE html>[\s\S]*subscription in AWS Marketplace is not affected[\s\S]*Set up your account/);
      expect(ResponseParameters).toMatchObject({
        'gatewayresponse.header.Content-Type': "'text/html; charset=utf-8'", 'gatewayresponse.header.Cache-Control': "'no-store'",
      });
    }
  });

  test('the limit of the web ACL can be set', () => {
    integrate({ webAcl: RegistrationWebAcl.managed({ requestsPerFiveMinutes: 42 }) }).template().hasResourceProperties('AWS::WAFv2::WebACL', {
      Rules: Match.arrayWith([Match.objectLike({ Statement: { RateBasedStatement: Match.objectLike({ Limit: 42 }) } })]),
    });
  });

  test('the web ACL can be another one, or none', () => {
    const arn = 'arn:aws:wafv2:eu-west-1:111122223333:regional/webacl/a/b';
    const own = integrate({ webAcl: RegistrationWebAcl.existing(arn) }).template();
    own.resourceCountIs('AWS::WAFv2::WebACL', 0);
    own.hasResourceProperties('AWS::WAFv2::WebACLAssociation', { WebACLArn: arn });
    const none = integrate({ webAcl: RegistrationWebAcl.none() }).template();
    none.resourceCountIs('AWS::WAFv2::WebACL', 0);
    none.resourceCountIs('AWS::WAFv2::WebACLAssociation', 0);
  });

  test('the function has the settings of the page', () => {
    const registration = Registration.ownSignUp('https://app.example.com/signup', { productName: 'Acme', loginUrl: 'https://app.example.com' });
    expect(settingsOf(integrate({ registration, buyerDataRetention: Duration.days(30) }).stack, 'Registration').settings).toEqual({
      registration: {
        signUpUrl: 'https://app.example.com/signup', productName: 'Acme', loginUrl: 'https://app.example.com', buyerDataRetentionSeconds: 2_592_000,
      },
    });
  });

  test.each([Duration.hours(23), Duration.days(3651)])('what buyers entered is kept for 1 day to 3,650 days', (buyerDataRetention) => {
    expect(() => integrate({ buyerDataRetention })).toThrow('buyerDataRetention');
  });
});

describe('agreement events', () => {
  const pattern = {
    source: ['aws.agreement-marketplace'],
    detail: { $or: [{ product: { code: [PRODUCT_CODE] } }, { product: { code: [{ exists: false }] } }] },
  };

  test('events of this product, and those without a product code, go from the default bus to a queue', () => {
    template.hasResourceProperties('AWS::Events::Rule', {
      EventBusName: Match.absent(),
      EventPattern: pattern,
      Targets: [{
        Id: 'Target0',
        Arn: { 'Fn::GetAtt': [logicalId('AWS::SQS::Queue', 'MarketplaceAgreementsQueue'), 'Arn'] },
        DeadLetterConfig: { Arn: { 'Fn::GetAtt': [logicalId('AWS::SQS::Queue', 'MarketplaceAgreementsDeadLetters'), 'Arn'] } },
      }],
    });
  });

  test('the rule is created after the policies of both queues, which allow this rule only', () => {
    const [[, rule]] = resources(template, 'AWS::Events::Rule').filter(([, { Properties }]) => Properties.EventPattern?.source?.includes('aws.agreement-marketplace'));
    const policies = resources(template, 'AWS::SQS::QueuePolicy').filter(([id]) => id.startsWith('MarketplaceAgreements'));
    expect(policies).toHaveLength(2);
    expect(rule.DependsOn).toEqual(expect.arrayContaining(policies.map(([id]) => id)));
    const arn = (path: string) => ({ 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':events:', { Ref: 'AWS::Region' }, ':', { Ref: 'AWS::AccountId' }, `:rule/${path}`]] });
    for (const [, { Properties }] of policies) {
      const [allowed] = Properties.PolicyDocument.Statement.filter(({ Effect }: any) => Effect === 'Allow');
      expect(allowed.Condition).toEqual({ ArnLike: { 'aws:SourceArn': [arn(rule.Properties.Name), arn(`*/${rule.Properties.Name}`)] } });
    }
  });

  test('events can come from a bus that receives forwarded ones', () => {
    const stack = newStack();
    const bus = new events.EventBus(stack, 'Forwarded');
    integrate({ agreementEvents: AgreementEventSource.eventBus(bus) }, stack).template().hasResourceProperties('AWS::Events::Rule', {
      EventBusName: stack.resolve(bus.eventBusName), EventPattern: pattern,
    });
  });
});

describe('queues', () => {
  test.each([
    ['MarketplaceAgreementsQueue', 10, Match.absent(), 2, 180],
    ['MarketplaceUsageIntakeQueue', 100, 5, 4, 540],
  ])('the function of %s reports each failed message', (queue, batch, window, concurrency, visibility) => {
    template.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      EventSourceArn: { 'Fn::GetAtt': [logicalId('AWS::SQS::Queue', queue), 'Arn'] },
      BatchSize: batch,
      MaximumBatchingWindowInSeconds: window,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      ScalingConfig: { MaximumConcurrency: concurrency },
    });
    template.hasResourceProperties('AWS::SQS::Queue', { VisibilityTimeout: visibility, RedrivePolicy: { maxReceiveCount: 10, deadLetterTargetArn: Match.anyValue() } });
  });

  test('messages stay invisible for six times the timeout of the function', () => {
    const functions = Object.fromEntries(resources(template, 'AWS::Lambda::Function'));
    const queues = Object.fromEntries(resources(template, 'AWS::SQS::Queue'));
    const mappings = resources(template, 'AWS::Lambda::EventSourceMapping');
    expect(mappings).toHaveLength(2);
    for (const [, { Properties: mapping }] of mappings) {
      const queue = queues[mapping.EventSourceArn['Fn::GetAtt'][0]];
      expect(queue.Properties.VisibilityTimeout).toBe(6 * functions[mapping.FunctionName.Ref].Properties.Timeout);
    }
  });

  test('usage that failed once is tried again within the default graces', () => {
    const [[, { Properties: { VisibilityTimeout: again } }]] = resources(template, 'AWS::SQS::Queue').filter(([id]) => id.includes('UsageIntakeQueue'));
    const graces = resources(template, 'AWS::Lambda::Function').flatMap(([, { Properties: { Environment } }]) =>
      [Environment?.Variables.CLOSE_GRACE_SECONDS, Environment?.Variables.FINAL_USAGE_GRACE_SECONDS].filter(Boolean));
    expect([...new Set(graces)]).toEqual(['600']);
    expect(again).toBeLessThan(Number(graces[0]));
  });

  test('dead-letter queues keep messages for 14 days', () => {
    const deadLetters = resources(template, 'AWS::SQS::Queue').filter(([id]) => id.includes('DeadLetters'));
    expect(deadLetters).toHaveLength(4);
    for (const [, { Properties }] of deadLetters) expect(Properties.MessageRetentionPeriod).toBe(1_209_600);
  });
});

test('usage of an asynchronous call that failed for good goes to the dead-letter queue of the usage queue', () => {
  template.hasResourceProperties('AWS::Lambda::EventInvokeConfig', {
    FunctionName: { Ref: logicalId('AWS::Lambda::Function', 'MarketplaceUsageIntakeHandlerFunction') },
    DestinationConfig: { OnFailure: { Destination: { 'Fn::GetAtt': [logicalId('AWS::SQS::Queue', 'MarketplaceUsageIntakeDeadLetters'), 'Arn'] } } },
  });
});

describe('schedules', () => {
  test.each(['Metering', 'Reconciliation'])('%s runs every five minutes, and a run that fails for good goes to a dead-letter queue', (part) => {
    const fn = logicalId('AWS::Lambda::Function', `Marketplace${part}HandlerFunction`);
    const deadLetters = { 'Fn::GetAtt': [logicalId('AWS::SQS::Queue', `Marketplace${part}DeadLetters`), 'Arn'] };
    template.hasResourceProperties('AWS::Events::Rule', {
      ScheduleExpression: 'rate(5 minutes)',
      Targets: [{ Id: 'Target0', Arn: { 'Fn::GetAtt': [fn, 'Arn'] }, DeadLetterConfig: { Arn: deadLetters }, RetryPolicy: { MaximumRetryAttempts: 2 } }],
    });
    template.hasResourceProperties('AWS::Lambda::EventInvokeConfig', {
      FunctionName: { Ref: fn }, MaximumRetryAttempts: 2, DestinationConfig: { OnFailure: { Destination: deadLetters } },
    });
  });

  test('metering runs at once when a subscription ends', () => {
    template.hasResourceProperties('AWS::Events::Rule', {
      EventBusName: { Ref: logicalId('AWS::Events::EventBus', 'Marketplace') },
      EventPattern: { 'source': ['marketplace-saas'], 'detail-type': ['Subscription Ending'], 'detail': { productCode: [PRODUCT_CODE] } },
      Targets: [Match.objectLike({ Arn: { 'Fn::GetAtt': [logicalId('AWS::Lambda::Function', 'MarketplaceMetering'), 'Arn'] } })],
    });
  });
});

test('functions run on Node.js 24, each with a log group that is kept for a year', () => {
  template.resourcePropertiesCountIs('AWS::Lambda::Function', { Runtime: 'nodejs24.x', Handler: 'index.handler', LoggingConfig: Match.anyValue() }, 6);
  template.allResourcesProperties('AWS::Logs::LogGroup', { RetentionInDays: 365 });
  template.resourceCountIs('AWS::Logs::LogGroup', 6);
});
