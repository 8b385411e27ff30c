import { CLOUDFORMATION_TYPES } from './resources';
import type { SandboxService } from '../../wiring/service';

/** What CloudFormation and the CDK add on their own account. */
export const CLOUDFORMATION: SandboxService = { name: 'cloudformation', resources: CLOUDFORMATION_TYPES };
