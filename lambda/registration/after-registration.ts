import type { RegistrationDependencies } from './dependencies';
import { contentSecurityPolicy, policyAllowingRedirects } from './security-headers';
import { handOver } from './sign-up';
import type { RegistrationConfig } from '../../src/names';
import type { RegistrationSession } from '../domain/registration/session';

/** What follows the completed form. */
export interface AfterRegistration {
  /** Content security policy of the pages with a form that leads there. */
  readonly policy: string;
  /** Where the browser goes from the form; undefined: to the confirmation. */
  readonly redirectTo: (session: RegistrationSession, deps: RegistrationDependencies) => Promise<string | undefined>;
}

export function afterRegistrationOf(config: RegistrationConfig): AfterRegistration {
  const { afterRegistration } = config;
  if (afterRegistration === undefined) {
    return { policy: contentSecurityPolicy(config), redirectTo: async () => undefined };
  }
  const { kind, url } = afterRegistration;
  return {
    policy: policyAllowingRedirects(config),
    redirectTo: async (session, deps) => kind === 'HAND_OVER' ? handOver(url, session, deps) : url,
  };
}
