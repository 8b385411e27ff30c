import type { BucketModel } from './model';
import { partitionOf, urlSuffixOf } from '../../arn';
import type { Resource, ResourceTypes } from '../../template';

export const S3_TYPES: ResourceTypes = {
  'AWS::S3::Bucket': {
    reference: bucketName,
    attributes: {
      Arn: bucketArn,
      DomainName: (resource) => `${bucketName(resource)}.s3.${urlSuffixOf(resource.stack.region)}`,
      RegionalDomainName: (resource) => `${bucketName(resource)}.s3.${resource.stack.region}.${urlSuffixOf(resource.stack.region)}`,
    },
    build: (resource, model) => {
      if (resource.get('NotificationConfiguration').exists) {
        resource.unsupported('bucket notifications');
      }
      const bucket: BucketModel = { ...resource.origin(), name: bucketName(resource), arn: bucketArn(resource) };
      model.buckets.push(bucket);
    },
  },
  'AWS::S3::BucketPolicy': {},
};

function bucketName(resource: Resource): string {
  return resource.get('BucketName').string(resource.generatedName(63).toLowerCase());
}

function bucketArn(resource: Resource): string {
  return `arn:${partitionOf(resource.stack.region)}:s3:::${bucketName(resource)}`;
}
