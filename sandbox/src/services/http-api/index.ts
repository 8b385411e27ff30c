import { HttpApis } from './http-apis';
import { HTTP_API_TYPES, toSandboxUrls } from './resources';
import { issueToken } from './tokens';
import type { SandboxService } from '../../wiring/service';
import { LambdaAuthorizers } from '../api-gateway/lambda-authorizer';
import { LAMBDA } from '../lambda';

/** HTTP APIs at `/_http/<id>/…` and their custom domains, and function URLs at `/_urls/<id>/…`. */
export const HTTP_API: SandboxService = {
  name: 'http-api',
  resources: HTTP_API_TYPES,
  lists: ['httpApis'],
  toSandboxUrls,
  start: ({ core, services }) => {
    const { find: findFunction, invoke } = services.get(LAMBDA);
    const authorizers = new LambdaAuthorizers({ clock: core.clock, findFunction, invoke });
    const { apis, httpApis } = core.model;
    return {
      website: new HttpApis({ ...core, apis: httpApis, mapped: [...apis, ...httpApis], findFunction, invoke, authorizers }),
      routes: [{ method: 'POST', path: /^tokens$/, run: (body) => ({ token: issueToken(body, core.clock.now()) }) }],
      reset: () => authorizers.clear(),
    };
  },
};
