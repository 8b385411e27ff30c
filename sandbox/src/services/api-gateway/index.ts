import type { RunningService, SandboxService } from '../../wiring/service';
import { LAMBDA } from '../lambda';
import { ApiKeys } from './api-keys';
import { LambdaAuthorizers } from './lambda-authorizer';
import { API_GATEWAY_TYPES, toSandboxUrls } from './resources';
import { RestApis } from './rest-apis';

export interface ApiGatewayState {
  /** API keys of the app: what requests have in `x-api-key`. */
  readonly apiKeys: readonly { readonly id: string; readonly name: string; readonly value: string; readonly enabled: boolean }[];
}

export interface RunningApiGateway extends RunningService {
  state(): ApiGatewayState;
}

/** REST APIs at `/_apis/<id>/<stage>/…`, and at their custom domains. */
export const API_GATEWAY: SandboxService<RunningApiGateway> = {
  name: 'api-gateway',
  resources: API_GATEWAY_TYPES,
  lists: ['apis', 'apiKeys', 'usagePlans'],
  toSandboxUrls,
  start: ({ core, services }) => {
    const { find, invoke } = services.get(LAMBDA);
    const { clock, ids, loop, metrics, model, signedRequests } = core;
    const authorizers = new LambdaAuthorizers({ clock, invoke, findFunction: find });
    const apiKeys = new ApiKeys({ clock, keys: model.apiKeys, plans: model.usagePlans });
    return {
      website: new RestApis({
        clock,
        ids,
        invoke,
        metrics,
        authorizers,
        apiKeys,
        signedRequests,
        loop,
        apis: model.apis,
        mapped: [...model.apis, ...model.httpApis],
        findFunction: find,
      }),
      state: () => ({ apiKeys: model.apiKeys.map(({ id, name, value, enabled }) => ({ id, name, value, enabled })) }),
      reset: () => {
        authorizers.clear();
        apiKeys.clear();
      },
    };
  },
};
