import type { BucketModel } from './model';
import { BUCKET_NOTIFICATIONS, notificationsOf } from './notification-resource';
import { partitionOf, urlSuffixOf } from '../../arn';
import type { Resource, ResourceTypes } from '../../template';

export const S3_TYPES: ResourceTypes = {
  'AWS::S3::Bucket': {
    reference: bucketName,
    attributes: {
      Arn: bucketArn,
      DomainName: (resource) => `${bucketName(resource)}.s3.${urlSuffixOf(resource.stack.region)}`,
      RegionalDomainName: (resource) => `${bucketName(resource)}.s3.${resource.stack.region}.${urlSuffixOf(resource.stack.region)}`,
      DualStackDomainName: (resource) => `${bucketName(resource)}.s3.dualstack.${resource.stack.region}.${urlSuffixOf(resource.stack.region)}`,
      // Nothing answers there: the sandbox serves no websites.
      WebsiteURL: (resource) => `http://${bucketName(resource)}.s3-website-${resource.stack.region}.${urlSuffixOf(resource.stack.region)}`,
    },
    build: (resource, model) => {
      const { account, region } = resource.stack;
      const name = bucketName(resource);
      const bucket: BucketModel = { ...resource.origin(), name, arn: bucketArn(resource), account, region, ...notificationsOf(resource, name) };
      model.buckets.push(bucket);
    },
  },
  'AWS::S3::BucketPolicy': {},
  [BUCKET_NOTIFICATIONS]: {
    build: (resource) => {
      const name = resource.get('BucketName').string();
      if (!resource.stack.deployment.all('AWS::S3::Bucket').some((bucket) => bucketName(bucket) === name)) {
        resource.unsupported('bucket notifications of a bucket that the app does not create');
      }
    },
  },
};

function bucketName(resource: Resource): string {
  return resource.get('BucketName').string(resource.generatedName(63).toLowerCase());
}

function bucketArn(resource: Resource): string {
  return `arn:${partitionOf(resource.stack.region)}:s3:::${bucketName(resource)}`;
}
