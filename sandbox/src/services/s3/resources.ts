import { partitionOf, urlSuffixOf } from '../../template/names';
import type { Resource } from '../../template/resource';
import type { Handlers } from '../../template/resource-type';

export const s3Handlers: Handlers = {
  'AWS::S3::Bucket': {
    reference: bucketName,
    attributes: {
      Arn: bucketArn,
      DomainName: (resource) => `${bucketName(resource)}.s3.${urlSuffixOf(resource.stack.region)}`,
      RegionalDomainName: (resource) => `${bucketName(resource)}.s3.${resource.stack.region}.${urlSuffixOf(resource.stack.region)}`,
    },
    build: (resource, draft) => {
      if (resource.get('NotificationConfiguration').exists) {
        resource.unsupported('bucket notifications');
      }
      draft.buckets.push({ ...resource.origin(), name: bucketName(resource), arn: bucketArn(resource) });
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
