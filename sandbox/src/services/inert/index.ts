import { activeReason, isInert } from './families';
import { inertAttribute, inertReference } from './values';
import type { ResourceType } from '../../template';
import type { SandboxService } from '../../wiring/service';

const inert: ResourceType = {
  inert: true,
  reference: inertReference,
  anyAttribute: inertAttribute,
  build: (resource) => {
    // A function behind a load balancer or a user pool would be invoked.
    if (resource.type === 'AWS::ElasticLoadBalancingV2::TargetGroup' && resource.get('TargetType').string('instance') === 'lambda') {
      resource.unsupported('a target group that invokes functions');
    }
    if (resource.type === 'AWS::Cognito::UserPool' && Object.keys(resource.get('LambdaConfig').exists ? resource.get('LambdaConfig').record() : {}).length > 0) {
      resource.unsupported('triggers of a user pool');
    }
  },
};

/** Resource types that do nothing in the sandbox, whole families of them: references to them resolve. */
export const INERT: SandboxService = {
  name: 'inert',
  typeOf: (name) => isInert(name) ? inert : undefined,
  refusalOf: activeReason,
};
