import { awscdk, JsonFile } from 'projen';

/**
 * The sandbox is an npm workspace with a package of its own, in the same install. Its runtime dependencies are listed
 * here; platform binaries are optional, so that an unsupported platform still installs.
 */
export function addSandbox(project: awscdk.AwsCdkConstructLibrary): void {
  project.package.addField('workspaces', ['sandbox']);
  new JsonFile(project, 'sandbox/package.json', {
    obj: {
      name: 'cdk-marketplace-saas-sandbox',
      version: '0.0.0',
      description: 'AWS Marketplace on a laptop: runs the synthesized template of a SaaS integration with its real handlers',
      license: 'Apache-2.0',
      bin: { 'marketplace-sandbox': 'bin/marketplace-sandbox.js' },
      main: 'lib/index.js',
      types: 'lib/index.d.ts',
      files: ['bin', 'lib', 'runtimes', 'README.md'],
      repository: { type: 'git', url: project.package.manifest.repository.url, directory: 'sandbox' },
      dependencies: {
        // Lambda's runtime has the AWS SDK: these are its clients of the services that the sandbox emulates.
        '@aws-sdk/client-cloudwatch': '^3.1100.0',
        '@aws-sdk/client-cloudwatch-logs': '^3.1100.0',
        '@aws-sdk/client-dynamodb': '^3.1100.0',
        '@aws-sdk/client-eventbridge': '^3.1100.0',
        '@aws-sdk/client-lambda': '^3.1100.0',
        '@aws-sdk/client-marketplace-agreement': '^3.1100.0',
        '@aws-sdk/client-marketplace-entitlement-service': '^3.1100.0',
        '@aws-sdk/client-marketplace-metering': '^3.1100.0',
        '@aws-sdk/client-s3': '^3.1100.0',
        '@aws-sdk/client-secrets-manager': '^3.1100.0',
        '@aws-sdk/client-ses': '^3.1100.0',
        '@aws-sdk/client-sesv2': '^3.1100.0',
        '@aws-sdk/client-sns': '^3.1100.0',
        '@aws-sdk/client-sqs': '^3.1100.0',
        '@aws-sdk/client-ssm': '^3.1100.0',
        '@aws-sdk/client-sts': '^3.1100.0',
        '@aws-sdk/lib-dynamodb': '^3.1100.0',
        '@smithy/core': '^3.41.0',
        'croner': '^11.0.1',
        'fauxqs': '^2.4.1',
        'yauzl': '^3.2.0',
        'zod': '^4.6.0',
      },
      // Of the engine, one program a platform; elsewhere dynalite takes its place.
      optionalDependencies: { '@dynoxide/linux-x64': '1.2.1', 'dynalite': '4.0.0' },
    },
  });
  new JsonFile(project, 'sandbox/tsconfig.json', {
    obj: {
      compilerOptions: {
        target: 'ES2023',
        lib: ['ES2023'],
        module: 'node16',
        moduleResolution: 'node16',
        rootDir: 'src',
        outDir: 'lib',
        declaration: true,
        strict: true,
        noUnusedLocals: true,
        noUnusedParameters: true,
        noImplicitReturns: true,
        noFallthroughCasesInSwitch: true,
        skipLibCheck: true,
        types: ['node'],
      },
      include: ['src/**/*.ts'],
    },
  });
  const compile = project.addTask('sandbox:compile', {
    description: 'Compile the sandbox to sandbox/lib',
    steps: [
      // What an earlier layout left in lib would be found instead of an error.
      { exec: 'node -e "fs.rmSync(\'sandbox/lib\', { recursive: true, force: true })"' },
      { exec: 'tsc -p sandbox/tsconfig.json' },
    ],
  });
  project.preCompileTask.spawn(compile);
  project.gitignore.exclude('/sandbox/lib/', '/sandbox/node_modules/');
  project.addPackageIgnore('/sandbox/');
}
