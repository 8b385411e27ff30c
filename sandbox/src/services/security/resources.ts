import { uuidOf } from '../../ids';
import type { Resource, ResourceTypes } from '../../template';

/** Encryption keys and web ACLs: references resolve, but nothing is encrypted or filtered in the sandbox. */
export const SECURITY_TYPES: ResourceTypes = {
  'AWS::KMS::Key': {
    reference: id,
    attributes: {
      Arn: (resource) => resource.arn('kms', `key/${id(resource)}`),
      KeyId: id,
    },
  },
  'AWS::KMS::Alias': { reference: (resource) => resource.get('AliasName').string() },
  'AWS::WAFv2::WebACL': {
    reference: (resource) => `${webAclName(resource)}|${id(resource)}|${resource.get('Scope').string()}`,
    attributes: {
      Arn: (resource) => resource.arn('wafv2', `${resource.get('Scope').string().toLowerCase()}/webacl/${webAclName(resource)}/${id(resource)}`),
      Id: id,
      Capacity: () => 1,
      LabelNamespace: (resource) => `awswaf:${resource.stack.account}:webacl:${webAclName(resource)}:`,
    },
  },
  'AWS::WAFv2::WebACLAssociation': {},
  'AWS::WAFv2::LoggingConfiguration': {},
};

function id(resource: Resource): string {
  return uuidOf(resource.digest(32));
}

function webAclName(resource: Resource): string {
  return resource.get('Name').string(resource.generatedName(128));
}
