import * as fs from 'node:fs';
import * as path from 'node:path';
import { z } from 'zod';
import { readAssets, type FileAsset } from './assets';
import { AssemblyError } from './errors';
import { readJson } from './read-json';
import { readTemplate, type Template } from './template-file';

/** A folder made by `cdk synth`, read but not yet understood: see `buildModel`. */
export interface Assembly {
  readonly directory: string;
  readonly stacks: readonly AssemblyStack[];
}

export interface AssemblyStack {
  readonly name: string;
  /** As `cdk list` shows it: `Stage/Stack`. */
  readonly displayName: string;
  /** Undefined in a stack that does not fix its environment. */
  readonly account?: string;
  readonly region?: string;
  readonly template: Template;
  readonly templateFile: string;
  readonly fileAssets: readonly FileAsset[];
}

/** Before this the files have other shapes (AWS CDK 1). Later majors only ever added to what we read. */
const OLDEST_MAJOR = 20;

const manifestSchema = z.object({
  version: z.string(),
  artifacts: z.record(z.string(), z.object({
    type: z.string(),
    environment: z.string().optional(),
    displayName: z.string().optional(),
    dependencies: z.array(z.string()).optional(),
    properties: z.record(z.string(), z.unknown()).optional(),
  })).default({}),
});

type Manifest = z.infer<typeof manifestSchema>;
type Artifact = Manifest['artifacts'][string];

/**
 * Reads a cloud assembly with its nested assemblies (stages).
 *
 * @throws AssemblyError when the folder is missing or is not a cloud assembly this version can read.
 */
export function loadAssembly(directory: string): Assembly {
  const root = path.resolve(directory);
  if (!fs.statSync(root, { throwIfNoEntry: false })?.isDirectory()) {
    throw new AssemblyError(`There is no folder ${root}: give the cloud assembly that "cdk synth" made, usually cdk.out.`);
  }
  const stacks = readFolder(root);
  if (stacks.length === 0) {
    throw new AssemblyError(`The cloud assembly ${root} has no stack.`);
  }
  return { directory: root, stacks };
}

function readFolder(directory: string): AssemblyStack[] {
  const manifest = readManifest(directory);
  return Object.entries(manifest.artifacts).flatMap(([id, artifact]) => {
    switch (artifact.type) {
      case 'aws:cloudformation:stack':
        return [readStack(directory, manifest, id, artifact)];
      case 'cdk:cloud-assembly':
        return readFolder(path.join(directory, stringProperty(directory, id, artifact, 'directoryName')));
      default:
        return [];
    }
  });
}

function readManifest(directory: string): Manifest {
  const file = path.join(directory, 'manifest.json');
  if (!fs.existsSync(file)) {
    throw new AssemblyError(`${directory} is not a cloud assembly: it has no manifest.json. Give the folder that "cdk synth" made, usually cdk.out.`);
  }
  const manifest = manifestSchema.safeParse(readJson(file));
  if (!manifest.success) {
    throw new AssemblyError(`${file} is not the manifest of a cloud assembly: ${z.prettifyError(manifest.error)}`);
  }
  const major = /^(\d+)\.\d+\.\d+/.exec(manifest.data.version)?.[1];
  if (major === undefined || Number(major) < OLDEST_MAJOR) {
    throw new AssemblyError(`${file} has version "${manifest.data.version}"; version ${OLDEST_MAJOR}.0.0 or later is needed: synthesize with a current aws-cdk-lib 2.`);
  }
  return manifest.data;
}

function readStack(directory: string, manifest: Manifest, id: string, artifact: Artifact): AssemblyStack {
  const templateFile = path.join(directory, stringProperty(directory, id, artifact, 'templateFile'));
  const stackName = artifact.properties?.stackName;
  const environment = /^aws:\/\/([^/]*)\/(.*)$/.exec(artifact.environment ?? '');
  return {
    name: typeof stackName === 'string' ? stackName : id,
    displayName: artifact.displayName ?? id,
    account: known(environment?.[1], 'unknown-account'),
    region: known(environment?.[2], 'unknown-region'),
    template: readTemplate(templateFile),
    templateFile,
    fileAssets: (artifact.dependencies ?? []).flatMap((dependency) => {
      const candidate = manifest.artifacts[dependency];
      return candidate?.type === 'cdk:asset-manifest'
        ? readAssets(path.join(directory, stringProperty(directory, dependency, candidate, 'file')))
        : [];
    }),
  };
}

function known(value: string | undefined, placeholder: string): string | undefined {
  return value === undefined || value === '' || value === placeholder ? undefined : value;
}

function stringProperty(directory: string, id: string, artifact: Artifact, name: string): string {
  const value = artifact.properties?.[name];
  if (typeof value !== 'string') {
    throw new AssemblyError(`${path.join(directory, 'manifest.json')}: artifact "${id}" has no "${name}".`);
  }
  return value;
}
