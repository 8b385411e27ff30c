import type { Origin } from '../../model';
import type { DomainMapping, LambdaAuthorizerModel } from '../api-gateway/model';

declare module '../../model' {
  interface ModelLists {
    httpApis: HttpApiModel;
  }
}

/** An HTTP API, or the URL of a function, which behaves as one with a single route. */
export interface HttpApiModel extends Origin {
  readonly kind: 'api' | 'function-url';
  readonly id: string;
  readonly name: string;
  readonly account: string;
  readonly region: string;
  /** `$default` is served without a segment of its own. */
  readonly stages: readonly string[];
  readonly routes: readonly HttpRouteModel[];
  /** Custom domains that lead to it. */
  readonly mappings: readonly DomainMapping[];
  /** Whether its own URL is switched off: the custom domains are its only addresses. */
  readonly invokeUrlDisabled: boolean;
  readonly cors?: CorsModel;
}

export interface HttpRouteModel {
  /** `GET /items/{id}`, `ANY /{proxy+}`, `$default`. */
  readonly key: string;
  readonly method: string;
  readonly path: string;
  readonly functionArn: string;
  readonly authorizer?: HttpAuthorizerModel;
  /** Requests must be signed, by someone whom a policy allows to call the route. */
  readonly isSigned: boolean;
}

export type HttpAuthorizerModel = JwtAuthorizerModel | (LambdaAuthorizerModel & { readonly kind: 'lambda' });

export interface JwtAuthorizerModel {
  readonly kind: 'jwt';
  readonly issuer: string;
  readonly audience: readonly string[];
  /** One of them must be in the token, if there are any. */
  readonly scopes: readonly string[];
  /** `$request.header.Authorization` */
  readonly identitySource: string;
}

export interface CorsModel {
  readonly origins: readonly string[];
  readonly methods: readonly string[];
  readonly headers: readonly string[];
  readonly exposed: readonly string[];
  readonly credentials: boolean;
  readonly maxAgeSeconds?: number;
}
