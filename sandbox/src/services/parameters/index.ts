import { secretsManagerActions, ssmActions } from './actions';
import { addGiven } from './given';
import { ParameterApi } from './parameter-api';
import { PARAMETER_TYPES, storedParameter } from './resources';
import { SecretApi } from './secret-api';
import { storedSecret } from './secret-values';
import type { SandboxService } from '../../wiring/service';

/** SSM's Parameter Store and Secrets Manager, to read. */
export const PARAMETERS: SandboxService = {
  name: 'parameters',
  resources: PARAMETER_TYPES,
  lists: ['parameters', 'secrets'],
  check: addGiven,
  dynamicReferences: { 'ssm': storedParameter, 'ssm-secure': storedParameter, 'secretsmanager': storedSecret },
  apis: [
    { name: 'ssm', target: 'AmazonSSM', actions: ssmActions, faults: {} },
    { name: 'secretsmanager', target: 'secretsmanager', actions: secretsManagerActions, faults: {} },
  ],
  start: ({ core: { model, time } }) => ({
    handlers: { ssm: new ParameterApi(model.parameters, time), secretsmanager: new SecretApi(model.secrets, time) },
  }),
};
