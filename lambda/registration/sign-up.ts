import type { RegistrationDependencies } from './dependencies';
import { contentSecurityPolicy, policyAllowingRedirects } from './security-headers';
import { publicIdOf } from './session-cookie';
import type { RegistrationConfig } from '../../src/names';
import type { RegistrationSession } from '../domain/registration/session';

/** Where the buyer continues. */
export interface OpenedRegistration {
  /** A route of this app, like `/register/<id>`, or the URL of the seller's own sign-up page. */
  readonly redirectTo: string;
  /** Value of the session cookie; absent when the session is not in this browser. */
  readonly cookie?: string;
}

/** The page on which a buyer signs up: the hosted one, or the seller's own. */
export interface SignUp {
  /** Stores a session that was started, under a new secret. */
  readonly openRegistration: (session: RegistrationSession, deps: RegistrationDependencies) => Promise<OpenedRegistration>;
  /** Content security policy of a page whose form starts a registration. */
  readonly startPolicy: string;
}

export function signUpOf(config: RegistrationConfig): SignUp {
  return config.signUpUrl === undefined ? hostedPage(config) : ownSignUp(config, config.signUpUrl);
}

function hostedPage(config: RegistrationConfig): SignUp {
  return {
    startPolicy: contentSecurityPolicy(config),
    openRegistration: async (session, { registrations, newHandle, clock }) => {
      const cookie = newHandle();
      await registrations.openSession(cookie, session, clock.now());
      return { redirectTo: `/register/${publicIdOf(cookie)}`, cookie };
    },
  };
}

function ownSignUp(config: RegistrationConfig, signUpUrl: string): SignUp {
  return {
    startPolicy: policyAllowingRedirects(config),
    openRegistration: async (session, deps) => ({ redirectTo: await handOver(signUpUrl, session, deps) }),
  };
}

/** A page of the seller, with a new one-time code for the registration. */
export async function handOver(
  page: string, session: RegistrationSession, { registrations, newHandle, clock }: RegistrationDependencies,
): Promise<string> {
  const code = newHandle();
  await registrations.offerCode(code, session, clock.now());
  const url = new URL(page);
  url.searchParams.set('code', code);
  return url.href;
}
