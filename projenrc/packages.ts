import { awscdk } from 'projen';

/**
 * `npx projen package` packs what npm needs: the library and the sandbox, under one version. `npm run package-all` packs every
 * language whose tool chain is here and generates the code of the others; neither compiles or tests anything.
 */
export function addPackages(project: awscdk.AwsCdkConstructLibrary): void {
  project.addTask('package:sandbox', {
    description: 'Pack the sandbox next to the construct library, with its licence and version',
    exec: 'node scripts/pack-sandbox.js',
  });
  const sandbox = project.tasks.tryFind('package:sandbox')!;
  const js = project.tasks.tryFind('package:js')!;
  for (const language of ['js', 'python', 'java', 'go', 'dotnet']) {
    project.tasks.tryFind(`package:${language}`)!.reset(`node scripts/package-all.js ${language}`);
  }
  project.packageTask.reset();
  project.packageTask.spawn(js);
  project.packageTask.spawn(sandbox);
  const all = project.tasks.tryFind('package-all')!;
  all.reset('node scripts/package-all.js');
  all.spawn(sandbox);
}
