import type { HttpAuthorizerModel } from './model';
import { withoutQualifier } from '../../arn';
import type { Resource, Value } from '../../template';

const DEFAULT_CACHE_SECONDS = 300;

/** Who decides about the calls of a route of an HTTP API; undefined: anyone may call. */
export function authorizerOf(route: Resource, authorizers: readonly Resource[]): HttpAuthorizerModel | undefined {
  const type = route.get('AuthorizationType').string('NONE');
  if (type !== 'JWT' && type !== 'CUSTOM') {
    return undefined;
  }
  const id = route.get('AuthorizerId').string();
  const authorizer = authorizers.find((candidate) => candidate.digest(6) === id) ?? route.get('AuthorizerId').place.fail(`there is no authorizer "${id}" in this API.`);
  const identitySources = authorizer.get('IdentitySource').strings();
  if (type === 'JWT') {
    const configuration = authorizer.get('JwtConfiguration');
    return {
      kind: 'jwt',
      issuer: configuration.get('Issuer').string(),
      audience: configuration.get('Audience').strings(),
      scopes: route.get('AuthorizationScopes').strings(),
      identitySource: identitySources[0] ?? '$request.header.Authorization',
    };
  }
  return {
    kind: 'lambda',
    id,
    type: 'REQUEST',
    functionArn: authorizerFunction(authorizer.get('AuthorizerUri')),
    identitySources,
    cacheSeconds: authorizer.get('AuthorizerResultTtlInSeconds').number(DEFAULT_CACHE_SECONDS),
    payloadFormat: authorizer.get('AuthorizerPayloadFormatVersion').string('2.0') === '1.0' ? '1.0' : '2.0',
    hasSimpleAnswers: authorizer.get('EnableSimpleResponses').boolean(false),
  };
}

/** `arn:aws:apigateway:…/functions/<function ARN>/invocations` */
export function authorizerFunction(uri: Value): string {
  return withoutQualifier(/\/functions\/(arn:.+)\/invocations$/.exec(uri.string())?.[1] ?? uri.place.fail(`"${uri.string()}" does not name a Lambda function.`));
}
