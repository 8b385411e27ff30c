import type { BucketSource } from './model';
import { withoutQualifier } from '../../arn';
import type { Deployment, Resource, ResourceTypes, Value } from '../../template';
import { BUCKET_NOTIFICATIONS } from '../s3/notification-resource';

const WRITER = 'Custom::CrossRegionExportWriter';
const READER = 'Custom::CrossRegionExportReader';

/**
 * Custom resources of the CDK's own, for which the sandbox needs no function: those that act only when a stack is deleted, on how long
 * logs are kept or on networks do nothing.
 */
export const CDK_TYPES: ResourceTypes = {
  'Custom::S3AutoDeleteObjects': {},
  'Custom::ECRAutoDeleteImages': {},
  'Custom::VpcRestrictDefaultSG': {},
  'Custom::LogRetention': { attributes: { LogGroupName: (resource) => resource.get('LogGroupName').string() } },
  [WRITER]: {},
  [READER]: { anyAttribute: (reader, name) => crossRegionExport(name, reader.stack.deployment) },
  'Custom::CDKBucketDeployment': {
    attributes: {
      DestinationBucketArn: (resource) => `arn:aws:s3:::${resource.get('DestinationBucketName').string()}`,
      SourceObjectKeys: (resource) => resource.get('SourceObjectKeys').strings(),
    },
    build: (resource, model) => {
      model.bucketDeployments.push({
        ...resource.origin(),
        bucket: resource.get('DestinationBucketName').string(),
        prefix: resource.get('DestinationBucketKeyPrefix').string('').replace(/\/$/, ''),
        extract: resource.get('Extract').boolean(true),
        sources: sourcesOf(resource),
      });
    },
  },
};

/** The value that a stack of another region exports under a name; undefined: none does. */
export function crossRegionExport(name: string, deployment: Deployment): string | undefined {
  for (const writer of deployment.all(WRITER)) {
    const exported = writer.get('WriterProps').get('exports').get(name);
    if (exported.exists) {
      return typeof exported.data === 'string' ? exported.data : JSON.stringify(exported.data);
    }
  }
  return undefined;
}

/** Whether a function only serves custom resources of the CDK that need none here. */
export function servesCdkOnly(fn: Resource, arn: string): boolean {
  const served = fn.stack.deployment.all().filter((resource) => isCustom(resource.type) && providerOf(resource) === arn);
  return served.length > 0 && served.every(({ type }) => Object.hasOwn(CDK_TYPES, type) || type === BUCKET_NOTIFICATIONS);
}

export function isCustom(type: string): boolean {
  return type.startsWith('Custom::') || type === 'AWS::CloudFormation::CustomResource';
}

/** ARN of the function of a custom resource. */
export function providerOf(resource: Resource): string {
  return withoutQualifier(resource.get('ServiceToken').string(''));
}

function sourcesOf(resource: Resource): BucketSource[] {
  const markers = resource.get('SourceMarkers').list();
  return resource.get('SourceObjectKeys').list().map((key, index) => {
    const asset = resource.stack.source.fileAssets.find(({ objectKeys }) => objectKeys.includes(key.string()))
      ?? key.place.fail(`"${key.string()}" is not an asset of this stack: the sandbox copies files of the cloud assembly only.`);
    return { asset, markers: texts(markers[index]) };
  });
}

function texts(value: Value | undefined): Record<string, string> {
  return Object.fromEntries(Object.keys(value?.exists === true ? value.record() : {}).map((name) => [name, value!.get(name).string()]));
}
