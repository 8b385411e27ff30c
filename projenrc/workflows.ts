import { awscdk, github } from 'projen';

/** A repository variable of GitHub: every workflow is off until the owner sets it (RELEASING.md). */
const ON = "${{ vars.WORKFLOWS == 'on' }}";

/** GitHub workflows by projen: build, release to five registries, upgrades of dependencies. The sandbox is released with the library. */
export function addWorkflows(project: awscdk.AwsCdkConstructLibrary): void {
  const first = { 'build': 'build', 'release': 'release', 'upgrade-main': 'upgrade', 'pull-request-lint': 'validate' };
  for (const [workflow, job] of Object.entries(first)) {
    const { file } = project.github!.tryFindWorkflow(workflow)!;
    // Jobs that need this one are skipped with it.
    file!.addOverride(`jobs.${job}.if`, ON);
  }
  addCompatibilityCheck(project);
  project.release!.addJobs({
    release_npm_sandbox: {
      name: 'Publish the sandbox to npm',
      needs: ['release', 'release_npm'],
      runsOn: ['ubuntu-latest'],
      permissions: { idToken: github.workflows.JobPermission.WRITE, contents: github.workflows.JobPermission.READ },
      if: "needs.release.outputs.tag_exists != 'true' && needs.release.outputs.latest_commit == github.sha",
      steps: [
        { uses: 'actions/setup-node@v7.0.0', with: { 'node-version': '24.x', 'package-manager-cache': false } },
        {
          name: 'Download build artifacts',
          uses: 'actions/download-artifact@3e5f45b2cfb9172054b4087a40e8e0b5a5461e7c',
          with: { 'artifact-ids': '${{ needs.release.outputs.artifact_id }}', 'path': 'dist' },
        },
        {
          name: 'Release',
          if: '${{ !inputs.dry_run }}',
          run: 'npm publish --access public --provenance dist/sandbox/*.tgz',
        },
      ],
    },
  });
}

/**
 * Compares the public API with the last release, in the workflows of pull requests and releases: not in the build, which needs no
 * network. While nothing is released, it says so in one line and passes. Breaks that are meant are named in .compatignore.
 */
function addCompatibilityCheck(project: awscdk.AwsCdkConstructLibrary): void {
  const compat = project.tasks.tryFind('compat')!;
  // The API is experimental until 1.0.0, and jsii-diff would let every break of such an API pass.
  compat.reset(`jsii-diff npm:${project.name} --keys --error-on all --ignore-file .compatignore`);
  project.tasks.tryFind('release')!.spawn(compat);
  project.buildWorkflow!.addPostBuildSteps({ name: 'API compatibility with the last release', run: 'npx projen compat' });
}
