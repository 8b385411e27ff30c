import { lstatSync, readFileSync, readdirSync } from 'node:fs';
import * as path from 'node:path';
import { App, AppProps, Stack, Stage, StackProps } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { EmailIdentity } from 'aws-cdk-lib/aws-ses';
import { Dimension, MarketplaceSaasIntegration, MarketplaceSaasIntegrationProps, SaasPricingModel, WelcomeEmail, WelcomeEmailOptions } from '../../src';

export const PRODUCT_CODE = '4ml54db8vrmjuykaw1psroool';

export const PROPS: MarketplaceSaasIntegrationProps = {
  productCode: PRODUCT_CODE,
  pricingModel: SaasPricingModel.SUBSCRIPTION,
  dimensions: [Dimension.metered('ApiCalls'), Dimension.metered('StorageGb')],
};

/** nag.test.ts validates templates; elsewhere that would only take time, as would copies of the bundles. */
export function newApp(context: AppProps['context'] = {}): App {
  return new App({ builtinCloudFormationValidation: false, context: { 'aws:cdk:disable-asset-staging': true, ...context } });
}

export function newStack(props: StackProps = {}, app = newApp()): Stack {
  return new Stack(app, 'Saas', props);
}

export function integrate(props: Partial<MarketplaceSaasIntegrationProps> = {}, stack = newStack()) {
  const integration = new MarketplaceSaasIntegration(stack, 'Marketplace', { ...PROPS, ...props });
  return { stack, integration, template: () => Template.fromStack(stack) };
}

export function welcomeEmail(stack: Stack, options: Partial<WelcomeEmailOptions> = {}): WelcomeEmail {
  const identity = EmailIdentity.fromEmailIdentityName(stack, `Identity${stack.node.children.length}`, 'example.com');
  return WelcomeEmail.ses({ identity, sender: 'Acme <hello@example.com>', confirmAddress: true, ...options });
}

export interface Resource {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, any>>;
  readonly Metadata?: Readonly<Record<string, any>>;
  readonly DependsOn?: readonly string[];
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
}

export function resources(template: Template, type?: string): Array<[string, Resource]> {
  const all = template.toJSON().Resources as Record<string, Resource>;
  return Object.entries(all).filter(([, resource]) => type === undefined || resource.Type === type);
}

/** Statements of all policies whose logical id starts so. */
export function statements(template: Template, prefix: string): any[] {
  return resources(template, 'AWS::IAM::Policy')
    .filter(([id]) => id.startsWith(prefix))
    .flatMap(([, policy]) => policy.Properties.PolicyDocument.Statement);
}

/** The code of a function in the cloud assembly: hash, files (not links), and the content of its settings. */
export function settingsOf(stack: Stack, part: string) {
  const assembly = Stage.of(stack)!.synth();
  const artifact = assembly.getStackArtifact(stack.artifactId);
  const [, fn] = Object.entries<Resource>(artifact.template.Resources)
    .find(([id, { Type }]) => Type === 'AWS::Lambda::Function' && id.startsWith(`Marketplace${part}Handler`))!;
  const hash: string = fn.Properties.Code.S3Key.replace('.zip', '');
  const manifest = JSON.parse(readFileSync(path.join(assembly.directory, `${stack.artifactId}.assets.json`), 'utf8'));
  const folder = path.resolve(assembly.directory, manifest.files[hash].source.path);
  const names = readdirSync(folder).sort();
  return {
    hash,
    files: names.filter((name) => lstatSync(path.join(folder, name)).isFile()),
    settings: names.includes('settings.json') ? JSON.parse(readFileSync(path.join(folder, 'settings.json'), 'utf8')) : undefined,
  };
}
