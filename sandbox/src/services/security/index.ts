import { kmsActions } from './actions';
import { SECURITY_TYPES } from './resources';
import type { SandboxService } from '../../wiring/service';

/** Encryption keys and web ACLs: references resolve, and nothing is encrypted or filtered. */
export const SECURITY: SandboxService = {
  name: 'security',
  resources: SECURITY_TYPES,
  apis: [{ name: 'kms', target: 'TrentService', actions: kmsActions }],
};
