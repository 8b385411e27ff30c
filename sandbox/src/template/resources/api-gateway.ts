import type { RestApiModel } from '../../model';
import { withoutQualifier } from '../names';
import type { Resource } from '../resource';
import type { Handlers } from '../resource-handler';

export const REST_API = 'AWS::ApiGateway::RestApi';
const RESOURCE = 'AWS::ApiGateway::Resource';
const METHOD = 'AWS::ApiGateway::Method';
const STAGE = 'AWS::ApiGateway::Stage';

export const apiGatewayHandlers: Handlers = {
  [REST_API]: {
    reference: restApiId,
    attributes: { RestApiId: restApiId, RootResourceId: rootResourceId },
    build: (resource, draft) => {
      if (resource.get('Body').exists || resource.get('BodyS3Location').exists) {
        resource.unsupported('a REST API from an OpenAPI document');
      }
      draft.apis.push({
        ...resource.origin(),
        id: restApiId(resource),
        name: resource.get('Name').string(resource.logicalId),
        stages: partsOf(resource, STAGE).map((stage) => stage.get('StageName').string()),
        routes: partsOf(resource, METHOD).flatMap((method) => route(resource, method) ?? []),
        binaryMediaTypes: resource.get('BinaryMediaTypes').strings(),
      });
    },
  },
  [RESOURCE]: {
    reference: (resource) => resource.digest(6),
    attributes: { ResourceId: (resource) => resource.digest(6) },
  },
  [METHOD]: {
    build: (resource) => {
      const type = resource.get('Integration').get('Type').string('none');
      if (type !== 'AWS_PROXY') {
        resource.unsupported(`the integration type ${type} (a method without Lambda proxy integration)`);
      }
    },
  },
  [STAGE]: { reference: (resource) => resource.get('StageName').string() },
  'AWS::ApiGateway::Deployment': {
    reference: (resource) => resource.digest(6),
    attributes: { DeploymentId: (resource) => resource.digest(6) },
  },
  'AWS::ApiGateway::Account': { attributes: { Id: (resource) => resource.generatedName() } },
  'AWS::ApiGateway::ApiKey': { attributes: { APIKeyId: (resource) => resource.generatedName() } },
  'AWS::ApiGateway::GatewayResponse': {},
  'AWS::ApiGateway::Model': {},
  'AWS::ApiGateway::RequestValidator': { attributes: { RequestValidatorId: (resource) => resource.digest(6) } },
  'AWS::ApiGateway::UsagePlan': { attributes: { Id: (resource) => resource.generatedName() } },
  'AWS::ApiGateway::UsagePlanKey': {},
};

/** Does not depend on any property, so that URLs can be recognized while properties are being resolved. */
export function restApiId(resource: Resource): string {
  return resource.digest(10);
}

function rootResourceId(resource: Resource): string {
  return `${resource.digest(9)}r`;
}

function partsOf(api: Resource, type: string): Resource[] {
  return api.stack.deployment.all(type).filter((part) => part.get('RestApiId').string() === restApiId(api));
}

function route(api: Resource, method: Resource): RestApiModel['routes'][number] | undefined {
  const integration = method.get('Integration');
  if (integration.get('Type').string('none') !== 'AWS_PROXY') {
    return undefined;
  }
  const uri = integration.get('Uri');
  const functionArn = /\/functions\/(arn:.+)\/invocations$/.exec(uri.string())?.[1]
    ?? uri.place.fail(`"${uri.string()}" does not name a Lambda function.`);
  return {
    method: method.get('HttpMethod').string(),
    path: pathOf(api, method.get('ResourceId').string(), method),
    functionArn: withoutQualifier(functionArn),
  };
}

function pathOf(api: Resource, resourceId: string, method: Resource): string {
  const segments: string[] = [];
  const resources = partsOf(api, RESOURCE);
  let current = resourceId;
  while (current !== rootResourceId(api)) {
    const resource = resources.find((candidate) => candidate.reference() === current)
      ?? method.get('ResourceId').place.fail(`there is no resource "${current}" in the REST API ${api.logicalId}.`);
    segments.unshift(resource.get('PathPart').string());
    current = resource.get('ParentId').string();
  }
  return `/${segments.join('/')}`;
}
