import { sesActions } from './actions';
import { SesApi } from './api';
import type { SentEmail } from './email';
import { V2_PATH } from './read-request';
import type { RunningService, SandboxService } from '../../wiring/service';

export interface SesState {
  /** The last 1,000 emails that the app sent, in order. */
  readonly emails: readonly SentEmail[];
}

export interface RunningSes extends RunningService {
  state(): SesState;
}

/** SES, both versions of its API: emails are taken, and shown in the state. Its resources are inert. */
export const SES: SandboxService<RunningSes> = {
  name: 'ses',
  apis: [{
    name: 'ses',
    format: ({ path }) => path.startsWith('/v2/email/') ? 'rest-json' : 'query',
    operationOf: ({ path, method }) => path === V2_PATH && method === 'POST' ? 'SendEmail' : '',
    actions: sesActions,
    faults: { operations: ['SendEmail', 'SendRawEmail', 'SendTemplatedEmail'] },
  }],
  start: ({ core }) => {
    const api = new SesApi(core);
    return { handlers: { ses: api }, state: () => ({ emails: api.emails() }), reset: () => api.clear() };
  },
};
