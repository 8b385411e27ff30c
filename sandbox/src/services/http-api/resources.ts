import { authorizerOf } from './authorizer-resource';
import type { CorsModel, HttpRouteModel } from './model';
import { withoutQualifier } from '../../arn';
import type { Deployment, Resource, ResourceTypes, Value } from '../../template';
import { API_MAPPING, apiMappingsOf, uncheckedCertificates } from '../api-gateway/resources';
import { referredFunctionArn } from '../lambda/referred-function';

const API = 'AWS::ApiGatewayV2::Api';
const ROUTE = 'AWS::ApiGatewayV2::Route';
const INTEGRATION = 'AWS::ApiGatewayV2::Integration';
const STAGE = 'AWS::ApiGatewayV2::Stage';
const AUTHORIZER = 'AWS::ApiGatewayV2::Authorizer';

/** What of an API the sandbox does not do. */
const UNSUPPORTED_API = { Body: 'an HTTP API from an OpenAPI document', BodyS3Location: 'an HTTP API from an OpenAPI document', Target: 'quick creation of an HTTP API' };
const UNSUPPORTED_INTEGRATION = ['RequestParameters', 'ResponseParameters', 'RequestTemplates'];

export const HTTP_API_TYPES: ResourceTypes = {
  [API]: {
    reference: apiId,
    attributes: { ApiId: apiId, ApiEndpoint: (resource) => `${resource.stack.deployment.endpoint}/_http/${apiId(resource)}` },
    build: (resource, model) => {
      if (!isHttp(resource)) {
        resource.unsupported('WebSocket APIs');
        return;
      }
      for (const [property, reason] of Object.entries(UNSUPPORTED_API).filter(([name]) => resource.get(name).exists)) {
        resource.unsupported(`${reason} (${property})`);
      }
      const cors = resource.get('CorsConfiguration');
      model.httpApis.push({
        ...resource.origin(),
        kind: 'api',
        id: apiId(resource),
        name: resource.get('Name').string(resource.logicalId),
        account: resource.stack.account,
        region: resource.stack.region,
        stages: partsOf(resource, STAGE).map((stage) => stage.get('StageName').string()),
        routes: partsOf(resource, ROUTE).flatMap((route) => routeOf(resource, route) ?? []),
        mappings: apiMappingsOf(resource, apiId(resource)),
        invokeUrlDisabled: resource.get('DisableExecuteApiEndpoint').boolean(false),
        ...cors.exists && { cors: corsOf(cors) },
      });
    },
  },
  [ROUTE]: {
    attributes: { RouteId: (resource) => resource.digest(7) },
    build: (resource) => {
      const authorization = resource.get('AuthorizationType').string('NONE');
      if (!['NONE', 'JWT', 'CUSTOM', 'AWS_IAM'].includes(authorization)) {
        resource.unsupported(`the authorization type ${authorization}: anyone could call this route`);
      }
    },
  },
  [INTEGRATION]: {
    reference: (resource) => resource.digest(7),
    attributes: { IntegrationId: (resource) => resource.digest(7) },
    build: (resource) => {
      const type = resource.get('IntegrationType').string();
      const subtype = resource.get('IntegrationSubtype').optionalString();
      if (type !== 'AWS_PROXY' || subtype !== undefined) {
        resource.unsupported(`the integration ${subtype ?? type} of an HTTP API (it is no Lambda proxy integration)`);
      }
      const version = resource.get('PayloadFormatVersion').string('1.0');
      if (version !== '2.0' && isHttp(apiOf(resource))) {
        resource.unsupported(`payload format ${version} of an HTTP API`);
      }
      for (const feature of UNSUPPORTED_INTEGRATION.filter((name) => resource.get(name).exists)) {
        resource.unsupported(`${feature} of an HTTP API`);
      }
    },
  },
  [AUTHORIZER]: {
    reference: (resource) => resource.digest(6),
    attributes: { AuthorizerId: (resource) => resource.digest(6) },
  },
  [STAGE]: { reference: (resource) => resource.get('StageName').string() },
  'AWS::ApiGatewayV2::Deployment': { reference: (resource) => resource.digest(6), attributes: { DeploymentId: (resource) => resource.digest(6) } },
  [API_MAPPING]: { attributes: { ApiMappingId: (resource) => resource.digest(6) } },
  'AWS::ApiGatewayV2::DomainName': {
    reference: (resource) => resource.get('DomainName').string(),
    build: uncheckedCertificates,
    attributes: {
      RegionalDomainName: (resource) => `d-${resource.digest(10)}.execute-api.${resource.stack.region}.amazonaws.com`,
      RegionalHostedZoneId: () => 'Z1UJRXOUMOOFQ8',
    },
  },
  'AWS::ApiGatewayV2::VpcLink': { attributes: { VpcLinkId: (resource) => resource.digest(6) } },
  'AWS::Lambda::Url': {
    reference: targetArn,
    attributes: { FunctionArn: targetArn, FunctionUrl: (resource) => `${resource.stack.deployment.endpoint}/_urls/${resource.digest(10)}/` },
    build: (resource, model) => {
      if (resource.get('InvokeMode').string('BUFFERED') !== 'BUFFERED') {
        resource.unsupported('a function URL that streams its answers');
      }
      const cors = resource.get('Cors');
      model.httpApis.push({
        ...resource.origin(),
        kind: 'function-url',
        id: resource.digest(10),
        name: resource.logicalId,
        account: resource.stack.account,
        region: resource.stack.region,
        stages: ['$default'],
        routes: [{ key: '$default', method: 'ANY', path: '$default', functionArn: targetArn(resource), isSigned: resource.get('AuthType').string() === 'AWS_IAM' }],
        mappings: [],
        invokeUrlDisabled: false,
        ...cors.exists && { cors: corsOf(cors) },
      });
    },
  },
};

/** Does not depend on any property, so that URLs can be recognized while properties are being resolved. */
function apiId(resource: Resource): string {
  return resource.digest(10);
}

function isHttp(api: Resource | undefined): boolean {
  return api?.get('ProtocolType').string('HTTP') === 'HTTP';
}

function apiOf(part: Resource): Resource | undefined {
  return part.stack.deployment.all(API).find((api) => apiId(api) === part.get('ApiId').string());
}

function targetArn(url: Resource): string {
  return referredFunctionArn(url, 'TargetFunctionArn');
}

function partsOf(api: Resource, type: string): Resource[] {
  return api.stack.deployment.all(type).filter((part) => part.get('ApiId').string() === apiId(api));
}

function routeOf(api: Resource, route: Resource): HttpRouteModel | undefined {
  const key = route.get('RouteKey').string();
  const target = route.get('Target').optionalString();
  const integration = partsOf(api, INTEGRATION).find((candidate) => target === `integrations/${candidate.digest(7)}`);
  if (integration === undefined || integration.get('IntegrationType').string() !== 'AWS_PROXY' || integration.get('IntegrationSubtype').exists) {
    return undefined;
  }
  const [method = '', path = ''] = key === '$default' ? ['ANY', key] : key.split(' ');
  const isSigned = route.get('AuthorizationType').string('NONE') === 'AWS_IAM';
  const authorizer = authorizerOf(route, partsOf(api, AUTHORIZER));
  return { key, method, path, functionArn: integrated(integration.get('IntegrationUri')), isSigned, ...authorizer && { authorizer } };
}

function integrated(uri: Value): string {
  const text = uri.string();
  return withoutQualifier(/\/functions\/(arn:.+)\/invocations$/.exec(text)?.[1] ?? text);
}

function corsOf(value: Value): CorsModel {
  const maxAgeSeconds = value.get('MaxAge').optionalNumber();
  return {
    origins: value.get('AllowOrigins').strings(),
    methods: value.get('AllowMethods').strings(),
    headers: value.get('AllowHeaders').strings(),
    exposed: value.get('ExposeHeaders').strings(),
    credentials: value.get('AllowCredentials').boolean(false),
    ...maxAgeSeconds !== undefined && { maxAgeSeconds },
  };
}

const INVOKE_URL = /https:\/\/([a-z0-9]+)\.execute-api\.[a-z0-9-]+\.amazonaws\.com(?:\.cn)?(?![\w.-])/g;

/** URLs of the app's HTTP APIs lead to AWS: replaces them with the URLs of the sandbox. */
export function toSandboxUrls(text: string, deployment: Deployment): string {
  const isOurs = (id: string) => deployment.declared(API).some((resource) => apiId(resource) === id);
  return text.replace(INVOKE_URL, (url, id: string) => isOurs(id) ? `${deployment.endpoint}/_http/${id}` : url);
}

