import type { SandboxService } from '../../wiring/service';
import { LAMBDA } from '../lambda';
import { LambdaAuthorizers } from './lambda-authorizer';
import { API_GATEWAY_TYPES, toSandboxUrls } from './resources';
import { RestApis } from './rest-apis';

/** REST APIs at `/_apis/<id>/<stage>/…`, and at their custom domains. */
export const API_GATEWAY: SandboxService = {
  name: 'api-gateway',
  resources: API_GATEWAY_TYPES,
  lists: ['apis'],
  toSandboxUrls,
  start: ({ core, services }) => {
    const { find, invoke } = services.get(LAMBDA);
    const { clock, ids, loop, metrics, model } = core;
    const runInTurn = <T>(work: () => Promise<T>) => loop.runInTurn(work);
    const authorizers = new LambdaAuthorizers({ clock, invoke, findFunction: find });
    return {
      website: new RestApis({ clock, ids, invoke, metrics, authorizers, apis: model.apis, findFunction: find, runInTurn }),
      reset: () => authorizers.clear(),
    };
  },
};
