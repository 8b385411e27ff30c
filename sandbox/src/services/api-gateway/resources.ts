import { toDomainUrls } from './addresses';
import { API_KEY_TYPES } from './api-key-resources';
import { mockOf } from './mock-resource';
import type { DomainMapping, ErrorResponseModel, RouteModel } from './model';
import { partitionOf, withoutQualifier } from '../../arn';
import type { MutableModel } from '../../model';
import type { Deployment, Resource, ResourceTypes, Value } from '../../template';

const REST_API = 'AWS::ApiGateway::RestApi';
const RESOURCE = 'AWS::ApiGateway::Resource';
const METHOD = 'AWS::ApiGateway::Method';
const AUTHORIZER = 'AWS::ApiGateway::Authorizer';
const STAGE = 'AWS::ApiGateway::Stage';
const GATEWAY_RESPONSE = 'AWS::ApiGateway::GatewayResponse';
const DOMAIN_NAME = 'AWS::ApiGateway::DomainName';
const BASE_PATH_MAPPING = 'AWS::ApiGateway::BasePathMapping';
export const API_MAPPING = 'AWS::ApiGatewayV2::ApiMapping';

const DEFAULT_CACHE_SECONDS = 300;

export const API_GATEWAY_TYPES: ResourceTypes = {
  [REST_API]: {
    reference: restApiId,
    attributes: { RestApiId: restApiId, RootResourceId: rootResourceId },
    build: (resource, model) => {
      if (resource.get('Body').exists || resource.get('BodyS3Location').exists) {
        resource.unsupported('a REST API from an OpenAPI document');
      }
      if (resource.get('Policy').exists) {
        model.unchecked.push(resource.withReason('the resource policy of a REST API'));
      }
      if (resource.get('EndpointConfiguration').get('Types').strings().includes('PRIVATE')) {
        model.unchecked.push(resource.withReason('that requests to a private REST API come from its VPC'));
      }
      model.apis.push({
        ...resource.origin(),
        id: restApiId(resource),
        name: resource.get('Name').string(resource.logicalId),
        account: resource.stack.account,
        region: resource.stack.region,
        apiKeySource: resource.get('ApiKeySourceType').string('HEADER') === 'AUTHORIZER' ? 'AUTHORIZER' : 'HEADER',
        stages: partsOf(resource, STAGE).map((stage) => stage.get('StageName').string()),
        mappings: [...partsOf(resource, BASE_PATH_MAPPING).map(mappingOf), ...apiMappingsOf(resource, restApiId(resource))],
        invokeUrlDisabled: resource.get('DisableExecuteApiEndpoint').boolean(false),
        routes: partsOf(resource, METHOD).flatMap((method) => route(resource, method) ?? []),
        binaryMediaTypes: resource.get('BinaryMediaTypes').strings(),
        errorResponses: partsOf(resource, GATEWAY_RESPONSE).map(errorResponse),
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
      if (type !== 'AWS_PROXY' && type !== 'MOCK') {
        resource.unsupported(`the integration type ${type} (a method with neither Lambda proxy nor mock integration)`);
      }
      const authorization = resource.get('AuthorizationType').string('NONE');
      if (!['NONE', 'CUSTOM', 'AWS_IAM'].includes(authorization)) {
        resource.unsupported(`the authorization type ${authorization}: anyone could call this method`);
      }
      if (resource.get('RequestValidatorId').exists) {
        resource.unsupported('request validators: invalid requests would get through');
      }
    },
  },
  [AUTHORIZER]: {
    reference: (resource) => resource.digest(6),
    attributes: { AuthorizerId: (resource) => resource.digest(6) },
    build: (resource) => {
      const type = resource.get('Type').string();
      if (type !== 'TOKEN' && type !== 'REQUEST') {
        resource.unsupported(`authorizers of the type ${type}`);
      }
    },
  },
  [STAGE]: { reference: (resource) => resource.get('StageName').string() },
  'AWS::ApiGateway::Deployment': {
    reference: (resource) => resource.digest(6),
    attributes: { DeploymentId: (resource) => resource.digest(6) },
  },
  [DOMAIN_NAME]: {
    reference: (resource) => resource.get('DomainName').string(),
    build: uncheckedCertificates,
    attributes: {
      DomainNameArn: (resource) => `arn:${partitionOf(resource.stack.region)}:apigateway:${resource.stack.region}::/domainnames/${resource.reference()}`,
      ...Object.fromEntries(['Regional', 'Distribution'].flatMap((kind) => [
        [`${kind}DomainName`, (resource: Resource) => `d-${resource.digest(10)}.execute-api.${resource.stack.region}.amazonaws.com`],
        [`${kind}HostedZoneId`, (resource: Resource) => `Z${resource.digest(20).toUpperCase()}`],
      ])),
    },
  },
  [BASE_PATH_MAPPING]: { reference: (resource) => `${resource.get('DomainName').string()}|${resource.get('BasePath').string('(none)')}` },
  'AWS::ApiGateway::Account': { attributes: { Id: (resource) => resource.generatedName() } },
  [GATEWAY_RESPONSE]: { attributes: { Id: (resource) => resource.digest(6) } },
  'AWS::ApiGateway::Model': {},
  'AWS::ApiGateway::RequestValidator': { attributes: { RequestValidatorId: (resource) => resource.digest(6) } },
  ...API_KEY_TYPES,
};

/** Does not depend on any property, so that URLs can be recognized while properties are being resolved. */
function restApiId(resource: Resource): string {
  return resource.digest(10);
}

function rootResourceId(resource: Resource): string {
  return `${resource.digest(9)}r`;
}

/** Clients of a custom domain may have to show a certificate. */
export function uncheckedCertificates(domain: Resource, model: MutableModel): void {
  if (domain.get('MutualTlsAuthentication').exists) {
    model.unchecked.push(domain.withReason('the certificates of clients of a custom domain'));
  }
}

function partsOf(api: Resource, type: string): Resource[] {
  return api.stack.deployment.all(type).filter((part) => part.get('RestApiId').string() === restApiId(api));
}

function route(api: Resource, method: Resource): RouteModel | undefined {
  const place = { method: method.get('HttpMethod').string(), path: pathOf(api, method.get('ResourceId').string(), method) };
  const integration = method.get('Integration');
  const access = { ...authorizerPart(method), isSigned: method.get('AuthorizationType').string('NONE') === 'AWS_IAM', needsApiKey: method.get('ApiKeyRequired').boolean(false) };
  switch (integration.get('Type').string('none')) {
    case 'AWS_PROXY': return { ...place, functionArn: functionOf(integration.get('Uri')), ...access };
    case 'MOCK': return { ...place, mock: mockOf(method), ...access };
    default: return undefined;
  }
}

/** Mappings of the API by the second version of API Gateway's API, which HTTP APIs have, and REST APIs may have. */
export function apiMappingsOf({ stack }: Resource, id: string): DomainMapping[] {
  return stack.deployment.all(API_MAPPING).filter((mapping) => mapping.get('ApiId').string() === id).map((mapping) => ({
    host: mapping.get('DomainName').string(),
    basePath: mapping.get('ApiMappingKey').string(''),
    stage: mapping.get('Stage').string(),
  }));
}

function mappingOf(mapping: Resource): DomainMapping {
  return {
    host: mapping.get('DomainName').string(),
    basePath: mapping.get('BasePath').string('(none)').replace('(none)', ''),
    stage: mapping.get('Stage').string(),
  };
}

function authorizerPart(method: Resource): Pick<RouteModel, 'authorizer'> {
  if (method.get('AuthorizationType').string('NONE') !== 'CUSTOM') {
    return {};
  }
  const id = method.get('AuthorizerId').string();
  const authorizer = method.stack.deployment.all(AUTHORIZER).find((candidate) => candidate.digest(6) === id)
    ?? method.get('AuthorizerId').place.fail(`there is no authorizer "${id}" in the app.`);
  const type = authorizer.get('Type').string();
  const tokenPattern = authorizer.get('IdentityValidationExpression').optionalString();
  return {
    authorizer: {
      id,
      type: type === 'TOKEN' ? 'TOKEN' : 'REQUEST',
      functionArn: type === 'TOKEN' || type === 'REQUEST' ? functionOf(authorizer.get('AuthorizerUri')) : '',
      identitySources: authorizer.get('IdentitySource').string('').split(',').map((source) => source.trim()).filter(Boolean),
      cacheSeconds: authorizer.get('AuthorizerResultTtlInSeconds').number(DEFAULT_CACHE_SECONDS),
      payloadFormat: '1.0',
      hasSimpleAnswers: false,
      ...tokenPattern !== undefined && { tokenPattern },
    },
  };
}

function functionOf(uri: Value): string {
  const functionArn = /\/functions\/(arn:.+)\/invocations$/.exec(uri.string())?.[1]
    ?? uri.place.fail(`"${uri.string()}" does not name a Lambda function.`);
  return withoutQualifier(functionArn);
}

function errorResponse(resource: Resource): ErrorResponseModel {
  const status = resource.get('StatusCode').optionalNumber();
  const headers = Object.entries(texts(resource.get('ResponseParameters'))).flatMap(([name, value]) => {
    const header = /^gatewayresponse\.header\.(.+)$/.exec(name)?.[1];
    return header === undefined ? [] : [[header.toLowerCase(), value] as const];
  });
  return {
    type: resource.get('ResponseType').string(),
    ...(status !== undefined && { status }),
    headers: Object.fromEntries(headers),
    templates: texts(resource.get('ResponseTemplates')),
  };
}

function texts(value: Value): Record<string, string> {
  return Object.fromEntries(Object.keys(value.exists ? value.record() : {}).map((name) => [name, value.get(name).string()]));
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

const INVOKE_URL = /https:\/\/([a-z0-9]+)\.execute-api\.[a-z0-9-]+\.amazonaws\.com(?:\.cn)?(?![\w.-])/g;

/** Invoke URLs of the app's REST APIs, and URLs of their custom domains, lead to AWS: replaces them with the URLs of the sandbox. */
export function toSandboxUrls(text: string, deployment: Deployment): string {
  if (!text.includes('https://')) {
    return text;
  }
  const isOurs = (id: string) => deployment.declared(REST_API).some((resource) => restApiId(resource) === id);
  const hosts = [BASE_PATH_MAPPING, API_MAPPING].flatMap((type) => deployment.all(type)).map((mapping) => mapping.get('DomainName').string());
  return toDomainUrls(text.replace(INVOKE_URL, (url, id: string) => isOurs(id) ? `${deployment.endpoint}/_apis/${id}` : url), hosts, deployment.endpoint);
}
